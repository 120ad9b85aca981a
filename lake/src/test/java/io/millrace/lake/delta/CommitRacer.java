package io.millrace.lake.delta;

import io.millrace.lake.ledger.Ledger;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/**
 * A process of its own that commits one row after the other to a table: as a stream, or as somebody
 * else who knows no ledger. Prints "ready", waits for a line, commits, then prints how many commits
 * were acknowledged.
 */
final class CommitRacer {
  private CommitRacer() {}

  /**
   * Table, "stream" or "foreign", Kafka partition, commits, then Hadoop properties as key=value.
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
    } else {
      ForeignWriter writer = new ForeignWriter(table, hadoop);
      awaitStart();
      for (int i = 0; i < commits; i++) {
        writer.append(TestFiles.rows(partition, i, i + 1));
      }
    }
    System.out.println("acknowledged " + commits);
  }

  private static void asStream(
      DeltaTable table, Configuration hadoop, Ledger start, int partition, int commits)
      throws IOException {
    Ledger ledger = start;
    for (int i = 0; i < commits; i++) {
      Ledger.Taken row = TestFiles.rows(partition, i, i + 1);
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
