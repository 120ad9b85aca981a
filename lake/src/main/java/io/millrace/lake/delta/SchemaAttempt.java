package io.millrace.lake.delta;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TransactionImpl;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.internal.tablefeatures.TableFeatures;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * One try to write the version after a snapshot: another schema and nothing else. Kernel's public
 * builder changes the schema of tables with column mapping only; this makes the same transaction
 * that it would build, so that in-commit timestamps, the snapshot after the commit and its checksum
 * are Kernel's own work. As with {@link AppendAttempt}, Kernel does not retry: the change has to be
 * merged again into what another writer made of the schema.
 */
final class SchemaAttempt {
  private final Engine engine;
  private final SnapshotImpl snapshot;

  SchemaAttempt(Engine engine, Snapshot snapshot) {
    this.engine = engine;
    this.snapshot = (SnapshotImpl) snapshot;
  }

  TransactionCommitResult commit(StructType schema) {
    DeltaSchema.requireNoColumnMapping(snapshot.getPath(), snapshot.getTableProperties());
    Metadata metadata = snapshot.getMetadata().withNewSchema(schema);
    // A column of the type timestamp_ntz is a feature that the table may not have had.
    Optional<Protocol> upgraded =
        TableFeatures.autoUpgradeProtocolBasedOnMetadata(
                metadata, List.of(), snapshot.getProtocol())
            .map(protocolAndFeatures -> protocolAndFeatures._1);
    requireWritable(snapshot.getProtocol(), snapshot.getMetadata());
    requireWritable(upgraded.orElse(snapshot.getProtocol()), metadata);
    return new TransactionImpl(
            false,
            snapshot.getDataPath(),
            Optional.of(snapshot),
            AppendAttempt.ENGINE_INFO,
            Operation.MANUAL_UPDATE,
            upgraded,
            Optional.of(metadata),
            snapshot.getCommitter(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(0),
            0,
            InstantSource.system()::millis)
        .commit(engine, CloseableIterable.emptyIterable());
  }

  private void requireWritable(Protocol protocol, Metadata metadata) {
    TableFeatures.validateKernelCanWriteToTable(protocol, metadata, snapshot.getPath());
  }
}
