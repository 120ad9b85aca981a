package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.LedgerMovedException;
import io.millrace.lake.ledger.Ledger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start while another writer is at work. */
class IngestTakeOverIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void theNewerOneWinsHoweverBusyTheOlderIs() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given a writer that commits again and again
      topic.sendReadings(0, 10, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      assertThat(Runs.drain(stream).drained()).isTrue();
      topic.sendReadings(10, 20, 1);
      CompletableFuture<LedgerMovedException> older =
          CompletableFuture.supplyAsync(() -> commitUntilTakenOver(stream));
      long begun = sequence(stream);
      Runs.await(() -> sequence(stream) > begun + 5);

      // When
      IngestResult newer = Runs.drain(stream);

      // Then
      assertThat(newer.firstFailure()).isEmpty();
      assertThat(TableRows.read(stream.table())).hasSize(20);
      assertThat(older.join()).hasMessageContaining("epoch 2");
    }
  }

  private static LedgerMovedException commitUntilTakenOver(StreamConfig stream) {
    try (DeltaTable table = open(stream)) {
      Ledger ledger = table.ledger(stream.name()).orElseThrow();
      while (sequence(stream) > 0) {
        ledger = ledger.advance(List.of(), UUID.randomUUID().toString());
        table.commit(List.of(), ledger);
      }
      throw new IllegalStateException("the ledger begins anew");
    } catch (LedgerMovedException e) {
      return e;
    }
  }

  private static long sequence(StreamConfig stream) {
    try (DeltaTable table = open(stream)) {
      return table.ledger(stream.name()).orElseThrow().sequence();
    }
  }

  private static DeltaTable open(StreamConfig stream) {
    return DeltaTable.open(stream.table(), LakeConfiguration.of(Map.of())).orElseThrow();
  }
}
