package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableContentIT {
  private static final String ROWS =
      "select id as kafka_offset, string(id %s) as v from range(0, %d)";

  @TempDir private Path directory;

  @Test
  void theOrderOfRowsAndFilesDoesNotMatterButEachValueDoes() {
    write("a", ROWS.formatted("* 7", 1_000) + " order by id", 1);
    write("b", ROWS.formatted("* 7", 1_000) + " order by id desc", 3);
    write("c", ROWS.formatted("* 7 + int(id = 500)", 1_000), 1);

    TableContent content = content("a");

    assertThat(content.rows()).isEqualTo(1_000);
    assertThat(content.offsetSum()).isEqualTo(499_500);
    assertThat(content("b")).isEqualTo(content);
    assertThat(content("c").hash()).isNotEqualTo(content.hash());
  }

  private TableContent content(String table) {
    return TableContent.of(directory.resolve(table).toString());
  }

  private void write(String table, String query, int files) {
    SparkSession spark = DeltaSpark.builder("test").getOrCreate();
    try {
      spark
          .sql(query)
          .repartition(files)
          .write()
          .format("delta")
          .save(directory.resolve(table).toString());
    } finally {
      spark.stop();
    }
  }
}
