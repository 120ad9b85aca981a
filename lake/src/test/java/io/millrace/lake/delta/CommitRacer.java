package io.millrace.lake.delta;

import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StructType;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/**
 * A process of its own that commits one row after the other to a table: as a stream, or as somebody
 * else who knows no ledger. Or it commits one more column after the other. Prints "ready", waits
 * for a line, commits, then prints how many commits were acknowledged.
 */
final class CommitRacer {
  private CommitRacer() {}

  /**
   * Table, "stream", "foreign" or "columns", Kafka partition, commits, then Hadoop properties as
   * key=value.
   */
  public static void main(String[] args) throws IOException {
    String table = args[0];
    int partition = Integer.parseInt(args[2]);
    int commits = Integer.parseInt(args[3]);
    Map<String, String> properties = new HashMap<>();
    for (int i = 4; i < args.length; i++) {
      String[] property = args[i].split("=", 2);
      properties.put(property[0], property[1]);
    }
    Configuration hadoop = LakeConfiguration.of(properties);
    if (args[1].equals("stream")) {
      try (DeltaTable open = DeltaTable.open(table, hadoop).orElseThrow()) {
        Optional<Ledger> ledger = open.ledger("racer");
        awaitStart();
        asStream(open, hadoop, ledger.orElseThrow(), partition, commits);
      }
    } else if (args[1].equals("columns")) {
      try (DeltaTable open = DeltaTable.open(table, hadoop).orElseThrow()) {
        awaitStart();
        for (int i = 0; i < commits; i++) {
          open.evolveTo(new StructType().add(column(partition, i), LongType.LONG));
        }
      }
    } else {
      ForeignWriter writer = new ForeignWriter(table, hadoop);
      awaitStart();
      for (int i = 0; i < commits; i++) {
        writer.append(TestFiles.rows(partition, i, i + 1));
      }
    }
    System.out.println("acknowledged " + commits);
  }

  /** The name of the column that a racer adds in one of its commits. */
  static String column(int partition, int commit) {
    return "p%d_%d".formatted(partition, commit);
  }

  private static void asStream(
      DeltaTable table, Configuration hadoop, Ledger start, int partition, int commits)
      throws IOException {
    Ledger ledger = start;
    for (int i = 0; i < commits; i++) {
      Taken row = TestFiles.rows(partition, i, i + 1);
      ledger = ledger.advance(List.of(row), UUID.randomUUID().toString());
      table.commit(List.of(TestFiles.write(hadoop, table.path(), row)), ledger);
    }
  }

  private static void awaitStart() throws IOException {
    System.out.println("ready");
    if (System.in.read() < 0) {
      throw new IOException("The test went away");
    }
  }
}
