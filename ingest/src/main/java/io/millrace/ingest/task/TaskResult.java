package io.millrace.ingest.task;

import io.millrace.core.column.TableLayout;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.wire.SchemaKey;
import io.millrace.lake.DataFile;
import io.millrace.lake.ledger.Taken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What one task hands to the driver.
 *
 * @param files finished data files
 * @param deadLetters finished files of records that can't be rows
 * @param taken what was in each range, up to where it was read
 * @param bytes bytes of the values taken
 * @param largestValue bytes of the largest value taken
 * @param nanos time the task took
 * @param widened the columns of the files where the task has followed on writer schemas that have
 *     more than the layout it was given; else null
 * @param widenedInput the columns of the records that the SQL reads by now, where the task has
 *     compiled it for more than it was given; else null
 * @param held partitions whose range ended early because a schema can't be had now
 * @param refusal why nothing of this batch may be committed, or null. It travels as a value, not as
 *     a failed task: another attempt would meet the same record
 */
public record TaskResult(
    List<DataFile> files,
    List<DataFile> deadLetters,
    List<Taken> taken,
    long bytes,
    long largestValue,
    long nanos,
    TableLayout widened,
    TableLayout widenedInput,
    List<Held> held,
    Refusal refusal)
    implements Serializable {

  /**
   * A record that waits for its schema, and with it all behind it in its partition.
   *
   * @param cause why the schema can't be had
   */
  public record Held(int partition, long offset, SchemaKey schema, Refusal cause)
      implements Serializable {}

  /**
   * A {@link MillraceException} without its stack and cause, which may not be serializable.
   *
   * @param outOfMemory whether it is a {@link TaskMemoryException}
   */
  public record Refusal(
      ExitCode exitCode, String problem, String reason, String remedy, boolean outOfMemory)
      implements Serializable {
    static Refusal of(MillraceException e) {
      return new Refusal(
          e.exitCode(), e.problem(), e.reason(), e.remedy(), e instanceof TaskMemoryException);
    }

    public MillraceException toException() {
      return outOfMemory
          ? new TaskMemoryException(problem, reason, remedy)
          : new MillraceException(exitCode, problem, reason, remedy);
    }
  }

  static TaskResult refused(MillraceException e, long nanos) {
    return new TaskResult(
        List.of(), List.of(), List.of(), 0, 0, nanos, null, null, List.of(), Refusal.of(e));
  }

  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static TaskResult fromBytes(byte[] bytes) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (TaskResult) in.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
