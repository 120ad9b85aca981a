package io.millrace.lake.delta;

import io.delta.kernel.TableManager;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.transaction.CreateTableTransactionBuilder;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.utils.CloseableIterable;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Makes a new table: version 0, without data. */
final class TableCreation {
  /** Kernel's name of the property; the table's readers need nothing for it. */
  private static final String DOMAIN_METADATA = "delta.feature.domainMetadata";

  private static final Map<String, String> DEFAULT_PROPERTIES =
      Map.of(
          // Each commit carries the ledger, 10 to 21 KB at 1,000 partitions, and there is one a
          // trigger: a month of them, Delta's default, would be tens of gigabytes.
          "delta.logRetentionDuration", "interval 2 days",
          "delta.checkpointInterval", "100");

  private final Configuration hadoop;
  private final Engine engine;
  private final String path;

  TableCreation(String path, Configuration hadoop, Engine engine) {
    this.path = qualify(path, hadoop);
    this.hadoop = hadoop;
    this.engine = engine;
  }

  /** The path with scheme and authority; a path without them is one of the default file system. */
  static String qualify(String path, Configuration hadoop) {
    Path table = new Path(path);
    try {
      FileSystem fileSystem = table.getFileSystem(hadoop);
      Path qualified = fileSystem.makeQualified(table);
      if (qualified.toUri().getScheme().equals("s3a")) {
        S3LogStore.requireConditionalPut(fileSystem, qualified);
      }
      return qualified.toString();
    } catch (IOException | IllegalArgumentException e) {
      throw LakeErrors.storage("The table path " + path + " can't be used", e);
    }
  }

  TransactionCommitResult create(
      TableLayout layout, Optional<PartitionBy> partitionBy, Map<String, String> properties) {
    return create(layout, partitionBy, properties, name -> false);
  }

  /**
   * @param expected whether a file of that name may lie in the directory already
   */
  TransactionCommitResult create(
      TableLayout layout,
      Optional<PartitionBy> partitionBy,
      Map<String, String> properties,
      Predicate<String> expected) {
    DeltaSchema.requireNoColumnMapping(path, properties);
    prepareDirectory(expected);
    Map<String, String> all = new LinkedHashMap<>(DEFAULT_PROPERTIES);
    all.putAll(properties);
    all.put(DOMAIN_METADATA, "supported");
    try {
      CreateTableTransactionBuilder builder =
          TableManager.buildCreateTableTransaction(
                  path, DeltaSchema.of(layout, partitionBy), AppendAttempt.ENGINE_INFO)
              .withTableProperties(all)
              .withMaxRetries(0);
      if (partitionBy.isPresent()) {
        builder.withDataLayoutSpec(
            DataLayoutSpec.partitioned(List.of(new Column(partitionBy.get().column()))));
      }
      return builder.build(engine).commit(engine, CloseableIterable.emptyIterable());
    } catch (TableAlreadyExistsException e) {
      throw alreadyThere(e);
    } catch (RuntimeException e) {
      if (CommitRetries.isConflict(e)) {
        throw alreadyThere(e);
      }
      if (LakeErrors.isStorage(e)) {
        throw LakeErrors.storage("The table " + path + " can't be created", e);
      }
      if (e instanceof KernelException || e instanceof IllegalArgumentException) {
        throw new MillraceException(
            ExitCode.USAGE,
            "The table " + path + " can't be created",
            LakeErrors.describe(e),
            "Check the stream's columns, partitionBy and tableProperties",
            e);
      }
      throw e;
    }
  }

  private MillraceException alreadyThere(Exception cause) {
    return new MillraceException(
        ExitCode.USAGE,
        "The table " + path + " can't be created",
        "there is one already",
        "Open it instead, or choose another path",
        cause);
  }

  private void prepareDirectory(Predicate<String> expected) {
    Path table = new Path(path);
    try {
      FileSystem fileSystem = table.getFileSystem(hadoop);
      requireNoOtherFiles(fileSystem, table, expected);
      if (!fileSystem.mkdirs(new Path(table, "_delta_log"))) {
        // All that Hadoop says where the operating system refuses.
        throw new IOException("no directory can be made there, probably permission denied");
      }
    } catch (IOException e) {
      throw LakeErrors.storage("The table " + path + " can't be created", e);
    }
  }

  private void requireNoOtherFiles(FileSystem fileSystem, Path table, Predicate<String> expected)
      throws IOException {
    FileStatus[] there;
    try {
      there = fileSystem.listStatus(table);
    } catch (FileNotFoundException e) {
      return;
    }
    for (FileStatus file : there) {
      String name = file.getPath().getName();
      // Delta readers pass over names that begin like this.
      if (!name.startsWith("_") && !name.startsWith(".") && !expected.test(name)) {
        throw new MillraceException(
            ExitCode.USAGE,
            "The table " + path + " can't be created",
            "the directory holds other files and no Delta table, among them " + name,
            "Choose a path that does not exist or is empty");
      }
    }
  }
}
