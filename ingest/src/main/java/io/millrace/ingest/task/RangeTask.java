package io.millrace.ingest.task;

import io.millrace.core.column.TableLayout;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.fault.CrashPoint;
import io.millrace.core.fault.CrashPoints;
import io.millrace.lake.DataFile;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.LakeErrors;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.kafka.common.errors.InterruptException;

/**
 * One task of a batch: reads its Kafka ranges, writes data files and says what it took. Another
 * attempt of the same task is harmless: files that no commit names are not part of the table.
 */
public final class RangeTask {
  private static final Map<Map<String, String>, Configuration> HADOOP = new ConcurrentHashMap<>();

  /** Tests put a faulty sink between here and the files, to see whether verify finds the damage. */
  static volatile UnaryOperator<RowSink> sinkOfTests = UnaryOperator.identity();

  private RangeTask() {}

  /**
   * Runs on the calling thread, which owns everything it touches.
   *
   * @param cancelled asked between polls; the task then fails and leaves nothing behind
   * @return what was taken, or the refusal of data that must not be committed
   * @throws MillraceException for what another attempt may cure, such as a broker that is away
   */
  public static TaskResult run(TaskSpec spec, TaskPlan plan, BooleanSupplier cancelled) {
    long start = System.nanoTime();
    MemoryBudget budget = MemoryBudget.ofThisProcess(spec.tasksAtOnce());
    Configuration hadoop = HADOOP.computeIfAbsent(spec.hadoop(), LakeConfiguration::of);
    ReaderPool pool = ReaderPool.shared();
    Reader reader = pool.take(spec, plan.bytesPerRecord(), budget);
    TableFiles files = new TableFiles(spec, hadoop, budget, reader.hints());
    DeadLetters deadLetters = new DeadLetters(spec, hadoop, budget.deadLetterBytes());
    RangeReader ranges =
        new RangeReader(
            spec, plan, budget, reader, sinkOfTests.apply(files), deadLetters, cancelled);
    boolean done = false;
    try {
      ranges.read();
      CrashPoints.reach(CrashPoint.FETCHED);
      List<DataFile> finished = files.close();
      List<DataFile> dead = deadLetters.close();
      CrashPoints.reach(CrashPoint.FILE_WRITTEN);
      TableLayout layout = reader.batch().layout();
      TableLayout input = reader.decoder().sqlInput();
      TaskSpec followed = spec.with(layout);
      pool.give(
          input == null ? followed : followed.withSqlInput(input), plan.bytesPerRecord(), reader);
      done = true;
      return new TaskResult(
          finished,
          dead,
          ranges.taken(),
          ranges.bytes(),
          ranges.largestValue(),
          System.nanoTime() - start,
          layout.equals(spec.layout()) ? null : layout,
          input == null || input.equals(spec.sql().input()) ? null : input,
          ranges.held(),
          null);
    } catch (MillraceException e) {
      if (e.exitCode() == ExitCode.PROTECTED) {
        return TaskResult.refused(e, System.nanoTime() - start);
      }
      throw e;
    } catch (OutOfMemoryError e) { // Spark would end the process
      return TaskResult.refused(TaskMemoryException.of(spec, e), System.nanoTime() - start);
    } catch (IOException | FSError e) { // Hadoop's local file system has an Error for a full disk
      throw LakeErrors.storage("The table " + spec.table() + " can't be written", e);
    } catch (InterruptException e) {
      throw new MillraceException(
          ExitCode.INTERRUPTED, "A task of " + spec.stream(), "it was interrupted", "", e);
    } finally {
      if (!done) {
        files.abort();
        deadLetters.abort();
        reader.close();
      }
    }
  }
}
