package io.millrace.lake.deadletter;

import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.DeltaSchema;
import io.millrace.lake.delta.LakeErrors;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.ledger.PendingFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Reads a file that a ledger calls pending where it lies, whether the table of dead letters has
 * taken it by now or not.
 */
public final class PendingLetters {
  /** Kernel's default is 1,024 rows a batch, and a dead letter may have megabytes. */
  static final int BATCH_ROWS = 32;

  private static final String BATCH_ROWS_PROPERTY =
      "delta.kernel.default.parquet.reader.batch-size";

  static final StructType WHOLE = schema();

  private PendingLetters() {}

  private static StructType schema() {
    StructType all = DeltaSchema.of(DeadLetterColumns.LAYOUT, Optional.empty());
    return new StructType(LetterColumns.WHOLE.stream().map(all::get).toList());
  }

  /** Gets one dead letter after another. */
  @FunctionalInterface
  public interface Taker {
    void take(StoredDeadLetter letter);
  }

  /**
   * Hands over all dead letters of the file, in its order. Holds a few of them in memory, and one
   * row group of the file.
   *
   * @param letters path of the table of dead letters
   * @throws MillraceException {@code PROTECTED} where the file is gone, {@code UNREACHABLE} where
   *     the storage does not answer
   */
  public static void read(Configuration hadoop, String letters, PendingFile pending, Taker taker) {
    Path file = new Path(letters, pending.name());
    try {
      read(inSmallBatches(hadoop), file, pending, WHOLE, batch -> take(batch.getData(), taker));
    } catch (FileNotFoundException e) {
      throw gone(file, e);
    } catch (IOException e) {
      throw LakeErrors.storage("The file of dead letters " + file + " can't be read", e);
    } catch (RuntimeException e) {
      for (Throwable t = e; t != null; t = t.getCause()) {
        if (t instanceof FileNotFoundException) {
          throw gone(file, e);
        }
      }
      throw LakeErrors.unreadable(file.toString(), e);
    }
  }

  static Configuration inSmallBatches(Configuration hadoop) {
    Configuration small = new Configuration(hadoop);
    small.setInt(BATCH_ROWS_PROPERTY, BATCH_ROWS);
    return small;
  }

  private static void take(ColumnarBatch batch, Taker taker) {
    for (int row = 0; row < batch.getSize(); row++) {
      taker.take(LetterColumns.letter(LetterColumns.entry(batch, row), batch, row));
    }
  }

  /**
   * Hands over some columns of such a file, batch by batch.
   *
   * @param file where it is
   */
  public static void read(
      Configuration hadoop,
      Path file,
      PendingFile pending,
      StructType columns,
      PinnedTable.Rows rows)
      throws IOException {
    String qualified = file.getFileSystem(hadoop).makeQualified(file).toString();
    FileStatus status = FileStatus.of(qualified, pending.bytes(), pending.modificationTime());
    try (CloseableIterator<FileReadResult> batches =
        DefaultEngine.create(hadoop)
            .getParquetHandler()
            .readParquetFiles(
                Utils.singletonCloseableIterator(status), columns, Optional.empty())) {
      while (batches.hasNext()) {
        rows.accept(new FilteredColumnarBatch(batches.next().getData(), Optional.empty()));
      }
    }
  }

  private static MillraceException gone(Path file, Exception cause) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "Dead letters can't be published",
        "their file %s is gone".formatted(file),
        "Bring it back, or give up publishing them by one start without deadLetterTopic",
        cause);
  }
}
