package io.millrace.lake.delta;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.millrace.lake.DataFile;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Resolutions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One try to write the version after a snapshot: files, transaction id and, in a stream's own
 * table, ledger in one commit. Kernel's own retries are off, because {@link DeltaTable} looks at
 * the ledger, {@link FollowingTable} at the sequence before each retry.
 */
final class AppendAttempt {
  static final String ENGINE_INFO = "Millrace";

  private final Engine engine;
  private final Snapshot snapshot;

  AppendAttempt(Engine engine, Snapshot snapshot) {
    this.engine = engine;
    this.snapshot = snapshot;
  }

  /**
   * Files and the ledger that claims them.
   *
   * @param domains the texts of other domains that change with it, by name
   */
  TransactionCommitResult commit(List<DataFile> files, Ledger ledger, Map<String, String> domains) {
    Transaction transaction = begin(transactionId(ledger.stream()), ledger.sequence());
    transaction.addDomainMetadata(DeltaTable.ledgerDomain(ledger.stream()), ledger.toJson());
    domains.forEach(transaction::addDomainMetadata);
    return commit(files, transaction);
  }

  /** Rows of redriven dead letters, and the domain's text that names them. */
  TransactionCommitResult commit(
      List<DataFile> files, int generation, Resolutions resolutions, String text) {
    String transactionId = transactionId(resolutions.stream()) + ":redrive";
    Transaction transaction =
        begin(
            generation == Ledger.FIRST_GENERATION
                ? transactionId
                : transactionId + "-" + generation,
            resolutions.sequence());
    transaction.addDomainMetadata(DeltaTable.redriveDomain(resolutions.stream(), generation), text);
    return commit(files, transaction);
  }

  /** Files and the sequence number up to which the table has them. */
  TransactionCommitResult commit(List<DataFile> files, String transactionId, long sequence) {
    return commit(files, begin(transactionId, sequence));
  }

  private Transaction begin(String transactionId, long version) {
    return snapshot
        .buildUpdateTableTransaction(ENGINE_INFO, Operation.STREAMING_UPDATE)
        .withTransactionId(transactionId, version)
        .withMaxRetries(0)
        .build(engine);
  }

  private TransactionCommitResult commit(List<DataFile> files, Transaction transaction) {
    Row state = transaction.getTransactionState(engine);
    List<Row> actions = new ArrayList<>(files.size());
    byPartition(files)
        .forEach((values, group) -> actions.addAll(addActions(state, literals(values), group)));
    return transaction.commit(
        engine, CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator())));
  }

  static String transactionId(String stream) {
    return "millrace:" + stream;
  }

  private static Map<Map<String, String>, List<DataFile>> byPartition(List<DataFile> files) {
    Map<Map<String, String>, List<DataFile>> groups = new LinkedHashMap<>();
    for (DataFile file : files) {
      groups.computeIfAbsent(file.partitionValues(), key -> new ArrayList<>()).add(file);
    }
    return groups;
  }

  private List<Row> addActions(Row state, Map<String, Literal> partition, List<DataFile> files) {
    DataWriteContext context = Transaction.getWriteContext(engine, state, partition);
    CloseableIterator<DataFileStatus> statuses =
        Utils.toCloseableIterator(files.iterator()).map(AppendAttempt::status);
    return Transaction.generateAppendActions(engine, state, statuses, context).toInMemoryList();
  }

  private static DataFileStatus status(DataFile file) {
    return new DataFileStatus(
        file.path(), file.bytes(), file.modificationTime(), Optional.of(new Statistics(file)));
  }

  /**
   * A file's statistics as its task wrote them. Kernel would read them into values and write those
   * again, decimals by way of doubles (4.4.0): bounds of many digits would exclude values, or fail.
   */
  private static final class Statistics extends DataFileStatistics {
    private final String json;

    Statistics(DataFile file) {
      super(file.rows(), Map.of(), Map.of(), Map.of(), Optional.empty());
      json = file.statistics();
    }

    @Override
    public String serializeAsJson(StructType physicalSchema) {
      return json;
    }
  }

  private Map<String, Literal> literals(Map<String, String> values) {
    Map<String, Literal> literals = new HashMap<>();
    values.forEach(
        (column, value) -> {
          DataType type = snapshot.getSchema().get(column).getDataType();
          literals.put(column, literal(column, type, value));
        });
    return literals;
  }

  private static Literal literal(String column, DataType type, String value) {
    if (value == null) {
      return Literal.ofNull(type);
    }
    if (type.equals(DateType.DATE)) {
      return Literal.ofDate(Math.toIntExact(LocalDate.parse(value).toEpochDay()));
    }
    if (type.equals(StringType.STRING)) {
      return Literal.ofString(value);
    }
    throw new IllegalArgumentException(
        "Partition column " + column + " is " + type + ", not date or string");
  }
}
