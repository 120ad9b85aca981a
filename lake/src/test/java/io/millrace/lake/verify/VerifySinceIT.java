package io.millrace.lake.verify;

import static io.millrace.lake.verify.TestDamage.add;
import static io.millrace.lake.verify.TestDamage.commit;
import static io.millrace.lake.verify.TestDamage.copy;
import static io.millrace.lake.verify.TestDamage.dataFiles;
import static io.millrace.lake.verify.TestDamage.info;
import static io.millrace.lake.verify.TestDamage.plus;
import static io.millrace.lake.verify.TestDamage.remove;
import static io.millrace.lake.verify.TestDamage.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.embedded.LocalStack;
import io.millrace.lake.verify.VerifyOptions.Since;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Only what came since a version is held against Kafka, and what was there must stay. */
@ExtendWith(TestBroker.class)
class VerifySinceIT {
  private static final Since ONE = Since.version(1);

  @TempDir Path directory;

  private TestStream stream;

  /** Version 1 has offsets 0-9, a null value at 10 and a dead letter at 11; offset 3 is missing. */
  @BeforeEach
  void fill(LocalStack stack) throws Exception {
    stream = new TestStream(stack, directory, 2);
    stream.produce(0, 10);
    stream.produceNull(0);
    stream.produce(0, new byte[] {9});
    stream.ingest(rows -> without(rows, 0, 3));
  }

  private void more() throws Exception {
    stream.produce(0, 5);
    stream.produceNull(0);
    stream.produce(0, new byte[] {8});
    stream.produce(1, 4);
    stream.ingest();
  }

  @Test
  void whatWasThereIsTakenAsItWas() throws Exception {
    more();

    StreamReport report = stream.verifySince(ONE);

    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.PROVEN);
    assertThat(report.sinceVersion()).isEqualTo(1);
    assertThat(report.since()).isEqualTo("version 1");
    assertThat(report.rows()).isEqualTo(9);
    assertThat(report.valuesCompared()).isEqualTo(9);
    assertThat(report.delivered()).isEqualTo(11);
    assertThat(report.nulls()).isEqualTo(1);
    assertThat(report.deadLetters()).isEqualTo(1);
    assertThat(report.ledgerVersions()).isEqualTo(1);
    assertThat(report.partitions())
        .extracting(PartitionReport::first, PartitionReport::next)
        .containsExactly(tuple(12L, 19L), tuple(0L, 4L));
    assertThat(stream.verify().lost()).isEqualTo(1);
    assertThat(stream.verifySince(Since.version(0)).lost()).isEqualTo(1);
    assertThat(stream.verifySince(Since.version(2)).delivered()).isZero();
  }

  @Test
  void damageSinceIsFound() throws Exception {
    stream.produce(0, 5);
    stream.ingest(rows -> plus(without(rows, 0, 13), rows.get(3)));

    assertThat(texts(stream.verifySince(ONE)))
        .containsExactlyInAnyOrder(
            "partition 0: 1 offsets have more than one row, 1 rows too many: offsets 15",
            "partition 0: 1 delivered records have no row: offsets 13",
            "partition 0: the ledger claims 5 rows, the table has rows of 4 offsets");
  }

  @Test
  void rowsOfBeforeThatComeOnceMore() throws Exception {
    Path old = dataFiles(stream.table).get(0);
    more();
    commit(stream.table, 3, info("WRITE", "{}"), add(copy(old)));

    StreamReport report = stream.verifySince(ONE);

    assertThat(texts(report))
        .containsExactly(
            "partition 0: 9 rows that came since version 1 are of offsets taken before it, and no"
                + " redrive brought them: offsets 0-2, 4-9");
    assertThat(report.partitions().get(0).verdict()).isEqualTo(Verdict.WRONG);
    assertThat(report.partitions().get(1).verdict()).isEqualTo(Verdict.PROVEN);
  }

  @Test
  void rowsOfBeforeThatWereDeleted() throws Exception {
    Path old = dataFiles(stream.table).get(0);
    more();
    commit(stream.table, 3, info("DELETE", "{}"), remove(old));

    assertThat(texts(stream.verifySince(ONE)))
        .singleElement()
        .asString()
        .startsWith(
            "partition 0: 9 rows that version 1 had are gone; data was removed by version 3 (DELETE, 20")
        .endsWith("): offsets 0-2, 4-9");
  }

  @Test
  void rowsOfBeforeInOtherFilesAreNoDamage() throws Exception {
    more();
    List<Path> files = dataFiles(stream.table);
    commit(
        stream.table,
        3,
        info("OPTIMIZE", "{}"),
        remove(files.get(0)).replace("true", "false"),
        add(copy(files.get(0))).replace("true", "false"),
        remove(files.get(1)),
        add(copy(files.get(1))));

    StreamReport report = stream.verifySince(ONE);

    assertThat(report.findings()).isEmpty();
    assertThat(report.rows()).isEqualTo(9);
  }

  @Test
  void filesOfBeforeThatAreGoneAreSaid() throws Exception {
    Path old = dataFiles(stream.table).get(0);
    more();
    commit(stream.table, 3, info("OPTIMIZE", "{}"), remove(old), add(copy(old)));
    Files.delete(old);

    StreamReport report = stream.verifySince(ONE);

    assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
    assertThat(texts(report))
        .singleElement()
        .asString()
        .contains("can't be compared with those that replaced them", "verify without --since");
  }

  @Test
  void aTimeIsTheLatestVersionBefore() throws Exception {
    more();
    written(0, 1_000_000);
    written(1, 2_000_000);
    written(2, 3_000_000);

    assertThat(stream.verifySince(Since.time(Instant.ofEpochMilli(2_999_000))).sinceVersion())
        .isEqualTo(1);
    assertThat(stream.verifySince(Since.time(Instant.ofEpochMilli(3_000_000))).sinceVersion())
        .isEqualTo(2);
    assertRefused(Since.time(Instant.ofEpochMilli(999_000)), "the log of table");
  }

  private void written(long version, long millis) throws IOException {
    Files.setLastModifiedTime(
        TestDamage.commitFile(stream.table, version), FileTime.fromMillis(millis));
  }

  @Test
  void aVersionThatIsNotThereAndManifestsAreRefused() throws Exception {
    assertRefused(Since.version(2), "shows versions 0 to 1");
    VerifyOptions options =
        new VerifyOptions(Set.of(), List.of(stream.manifest()), VerifyOptions.Values.NEVER, 1, ONE);
    assertThatThrownBy(() -> Verifier.verify(stream.config(), options, (s, p, d, t) -> {}))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("Manifests can't be verified since version 1");
  }

  private void assertRefused(Since since, String reason) {
    assertThatThrownBy(() -> stream.verifySince(since))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(reason);
  }

  private static List<String> texts(StreamReport report) {
    return report.findings().stream().map(Finding::toString).toList();
  }
}
