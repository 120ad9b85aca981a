package io.millrace.lake.delta;

import static io.millrace.lake.delta.TestFiles.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StructType;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.S3Server;
import io.millrace.lake.ledger.Ledger;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same table on S3: s3proxy answers conditional PUTs of one key with exactly one winner. */
class S3TableIT {
  private static final int COMMITS = 25;
  private static final String TABLE = "s3a://lake/bronze/events";

  @RegisterExtension final S3Server s3 = new S3Server();

  private Map<String, String> properties;
  private Configuration hadoop;

  @BeforeEach
  void configure() {
    properties = s3.properties();
    hadoop = s3.hadoop(Map.of());
  }

  @Test
  void twoProcessesLoseNothing() throws IOException, InterruptedException {
    try (DeltaTable created = create(Map.of("delta.checkpointInterval", "20"))) {
      Ledger start = TestFiles.start("racer");
      created.commit(List.of(), start.advance(List.of(), "first"));
    }

    CommitRace.run(TABLE, List.of("stream", "foreign"), COMMITS, properties);

    try (DeltaTable raced = DeltaTable.open(TABLE, hadoop).orElseThrow()) {
      assertThat(raced.version()).isEqualTo(1 + 2 * COMMITS);
      assertThat(raced.ledger("racer").orElseThrow().rows()).isEqualTo(COMMITS);
    }
    assertThat(TableRows.longs(TABLE, hadoop, "kafka_offset")).hasSize(2 * COMMITS);
  }

  @Test
  void ofTwoDifferentContentsTheFirstStaysAndEqualOnesAreOurOwn() throws IOException {
    S3LogStore store = new S3LogStore(hadoop);
    Path path = new Path("s3a://lake/log/00000000000000000007.json");

    store.write(path, List.of("{\"a\":1}", "{\"b\":\"ü\"}").iterator(), false, hadoop);
    store.write(path, List.of("{\"a\":1}", "{\"b\":\"ü\"}").iterator(), false, hadoop);

    for (List<String> other : List.of(List.of("{\"a\":2}"), List.of("{\"a\":1}"))) {
      assertThatThrownBy(() -> store.write(path, other.iterator(), false, hadoop))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
    try (var lines = store.read(path, hadoop)) {
      assertThat(lines).toIterable().containsExactly("{\"a\":1}", "{\"b\":\"ü\"}");
    }
    store.write(path, List.of("{}").iterator(), true, hadoop);
    try (var lines = store.read(path, hadoop)) {
      assertThat(lines).toIterable().containsExactly("{}");
    }
  }

  @Test
  void theLogIsListedFromAnyNameOnOverSeveralPages() throws IOException {
    Map<String, String> smallPages = new HashMap<>(properties);
    smallPages.put("fs.s3a.paging.maximum", "2");
    Configuration paged = LakeConfiguration.of(smallPages);
    S3LogStore store = new S3LogStore(paged);
    List<String> names = List.of("1.json", "2.crc", "2.json", "3.json", "4.crc", "4.json");
    for (String name : names) {
      store.write(
          new Path("s3a://lake/t/_delta_log", name), List.of(name).iterator(), false, paged);
    }
    store.write(new Path("s3a://lake/t/_delta_log/5.d/x"), List.of("").iterator(), false, paged);

    for (int from = 0; from < names.size(); from++) {
      Path first = new Path("s3a://lake/t/_delta_log", names.get(from));
      assertThat(store.listFrom(first, paged))
          .toIterable()
          .extracting(file -> file.getPath().getName())
          .containsExactlyElementsOf(names.subList(from, names.size()));
    }
    FileStatus listed = store.listFrom(new Path("s3a://lake/t/_delta_log/4."), paged).next();
    Path path = new Path("s3a://lake/t/_delta_log/4.crc");
    FileStatus asked = path.getFileSystem(paged).getFileStatus(path);
    assertThat(listed.getPath()).isEqualTo(asked.getPath());
    assertThat(listed.getLen()).isEqualTo(asked.getLen());
    assertThat(listed.getModificationTime()).isEqualTo(asked.getModificationTime());
    assertThat(store.listFrom(new Path("s3a://lake/t/_delta_log/9"), paged)).isExhausted();
    assertThatThrownBy(() -> store.listFrom(new Path("s3a://lake/none/_delta_log/0"), paged))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void aFileSystemWithoutConditionalWritesIsRefused() {
    Map<String, String> unsafe = new HashMap<>(properties);
    unsafe.put("fs.s3a.create.conditional.enabled", "false");
    assertThatThrownBy(() -> DeltaTable.open(TABLE, LakeConfiguration.of(unsafe)))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("conditional writes");
  }

  @Test
  void aMissingBucketIsNamed() {
    assertThatThrownBy(() -> DeltaTable.open("s3a://no-such-bucket/t", hadoop))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
        .hasMessageContaining("no-such-bucket");
  }

  @Test
  void aZombieIsFencedHereToo() throws IOException {
    try (DeltaTable old = create(Map.of())) {
      Ledger ledger = TestFiles.start("s").advance(List.of(rows(0, 0, 2)), "a");
      old.commit(List.of(TestFiles.write(hadoop, TABLE, rows(0, 0, 2))), ledger);
      try (DeltaTable young = DeltaTable.open(TABLE, hadoop).orElseThrow()) {
        young.commit(List.of(), young.ledger("s").orElseThrow().takenOver("young", "b"));
      }
      Ledger next = ledger.advance(List.of(rows(0, 2, 4)), "c");
      assertThatThrownBy(() -> old.commit(List.of(), next))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("young");
    }
  }

  @Test
  void columnsAreAddedBesideAnotherWriterHereToo() throws IOException {
    try (DeltaTable table = create(Map.of());
        DeltaTable other = DeltaTable.open(TABLE, hadoop).orElseThrow()) {
      Ledger ledger = TestFiles.start("s").advance(List.of(rows(0, 0, 2)), "a");
      table.commit(List.of(TestFiles.write(hadoop, TABLE, rows(0, 0, 2))), ledger);

      assertThat(other.evolveTo(new StructType().add("theirs", LongType.LONG))).isEmpty();
      assertThat(table.evolveTo(new StructType().add("ours", LongType.LONG))).isEmpty();

      table.commit(
          List.of(TestFiles.writeWith("ours", hadoop, TABLE, rows(0, 2, 4))),
          ledger.advance(List.of(rows(0, 2, 4)), "b"));
      assertThat(table.version()).isEqualTo(4);
    }
    assertThat(TableRows.longs(TABLE, hadoop, "ours")).containsExactly(2L, 3L);
    assertThat(TableRows.longs(TABLE, hadoop, "theirs")).isEmpty();
    assertThat(TableRows.longs(TABLE, hadoop, "kafka_offset")).hasSize(4);
  }

  private DeltaTable create(Map<String, String> tableProperties) {
    return DeltaTable.create(TABLE, hadoop, TestFiles.LAYOUT, Optional.empty(), tableProperties);
  }
}
