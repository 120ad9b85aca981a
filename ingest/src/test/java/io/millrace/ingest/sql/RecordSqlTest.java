package io.millrace.ingest.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.ListVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.column.StructVector;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordSqlTest {
  private static final List<Column> COLUMNS =
      List.of(
          Column.field("user_id", ColumnType.LONG),
          Column.field("country", ColumnType.STRING),
          Column.field("amount", ColumnType.LONG),
          Column.field("device", ColumnType.struct(List.of(Column.field("os", ColumnType.STRING)))),
          Column.field("tags", ColumnType.list(ColumnType.STRING)));

  private static RecordSql compile(String sql) {
    return RecordSql.compile(sql, COLUMNS, NumberTypes.WIDE);
  }

  /** The only columns these tests read are of numbers, text and the device. */
  private static void fill(RecordSql sql, long user, String country, Long amount, String os) {
    ColumnBatch record = sql.record();
    record.clear();
    List<Column> columns = record.layout().columns();
    for (int i = 0; i < columns.size(); i++) {
      switch (columns.get(i).name()) {
        case "user_id" -> ((LongVector) record.vector(i)).append(user);
        case "country" -> text(country, (BytesVector) record.vector(i));
        case "amount" -> {
          if (amount == null) {
            record.vector(i).appendNull();
          } else {
            ((LongVector) record.vector(i)).append(amount);
          }
        }
        case "device" -> {
          StructVector device = (StructVector) record.vector(i);
          text(os, (BytesVector) device.member(0));
          device.endValue();
        }
        default -> record.vector(i).appendNull();
      }
    }
    record.endRow();
  }

  private static void text(String value, BytesVector to) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    to.append(bytes, 0, bytes.length);
  }

  private static String text(ColumnBatch rows, int column, int row) {
    BytesVector vector = (BytesVector) rows.vector(column);
    int start = row == 0 ? 0 : vector.ends()[row - 1];
    return new String(vector.data(), start, vector.ends()[row] - start, StandardCharsets.UTF_8);
  }

  @Test
  void makesARowOfARecordThatIsWanted() throws SqlFailure {
    // Given
    RecordSql sql =
        compile(
            "SELECT user_id, upper(country) AS country, amount * 100 AS cents, device.os AS os,"
                + " named_struct('n', amount) AS pair, CAST(amount AS DECIMAL(30, 2)) AS exact"
                + " FROM stream WHERE country <> 'noise' AND amount BETWEEN 1 AND 10");
    ColumnBatch rows = new ColumnBatch(new TableLayout(sql.output()));

    // When
    fill(sql, 1, "noise", 5L, "x");
    boolean noise = sql.apply(rows);
    fill(sql, 2, "dé", 7L, "linux");
    boolean wanted = sql.apply(rows);
    rows.endRow();
    fill(sql, 3, "fr", null, "mac");
    boolean unknown = sql.apply(rows);

    // Then
    assertThat(noise).isFalse();
    assertThat(wanted).isTrue();
    assertThat(unknown).isFalse();
    assertThat(sql.output())
        .extracting(Column::name)
        .containsExactly("user_id", "country", "cents", "os", "pair", "exact");
    assertThat(rows.rows()).isEqualTo(1);
    assertThat(((LongVector) rows.vector(0)).values()[0]).isEqualTo(2);
    assertThat(text(rows, 1, 0)).isEqualTo("DÉ");
    assertThat(((LongVector) rows.vector(2)).values()[0]).isEqualTo(700);
    assertThat(text(rows, 3, 0)).isEqualTo("linux");
    LongVector inner = (LongVector) ((StructVector) rows.vector(4)).member(0);
    assertThat(inner.values()[0]).isEqualTo(7);
    BytesVector exact = (BytesVector) rows.vector(5);
    assertThat(new java.math.BigInteger(exact.data(), 0, 16)).isEqualTo(700);
  }

  @Test
  void aMistakeOfOursIsNoFaultOfTheRecord() {
    RecordSql sql = compile("SELECT amount FROM stream");
    fill(sql, 1, "de", 5L, "linux");

    assertThatThrownBy(() -> sql.apply(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void rowsHaveTheTablesColumnsWhateverTheirOrder() throws SqlFailure {
    RecordSql sql = compile("SELECT device, amount FROM stream");
    ColumnType device =
        ColumnType.struct(
            List.of(
                Column.field("model", ColumnType.STRING), Column.field("os", ColumnType.STRING)));
    ColumnBatch rows =
        new ColumnBatch(
            SqlColumns.into(
                    new TableLayout(
                        List.of(
                            Column.field("gone", ColumnType.LONG),
                            Column.field("amount", ColumnType.LONG),
                            Column.field("device", device))),
                    sql.output())
                .layout());

    fill(sql, 1, "de", 5L, "linux");
    sql.apply(rows);
    rows.endRow();

    assertThat(rows.layout().columns())
        .extracting(Column::name)
        .containsExactly("gone", "amount", "device");
    assertThat(rows.vector(0).isNull(0)).isTrue();
    assertThat(((LongVector) rows.vector(1)).values()[0]).isEqualTo(5);
    StructVector made = (StructVector) rows.vector(2);
    assertThat(made.member(0).isNull(0)).isTrue();
    assertThat(new String(((BytesVector) made.member(1)).data(), 0, 5, StandardCharsets.UTF_8))
        .isEqualTo("linux");
  }

  @Test
  void whatATableCanNotTakeIsSaid() {
    TableLayout table =
        new TableLayout(
            List.of(
                Column.field("amount", ColumnType.STRING),
                Column.field("Country", ColumnType.STRING),
                new Column("at", ColumnType.TIMESTAMP, Column.Role.KAFKA_TIMESTAMP)));

    assertThat(
            SqlColumns.into(
                    table, compile("SELECT amount, country, user_id AS AT FROM stream").output())
                .refusals())
        .containsExactly(
            "amount is LONG, and STRING in the table",
            "country is Country in the table: case must be the same",
            "AT has the name of a column for what is known of the Kafka record");
  }

  @Test
  void readsOnlyTheColumnsThatItNames() {
    RecordSql sql = compile("SELECT amount FROM stream WHERE country = 'de'");

    assertThat(sql.record().layout().columns())
        .extracting(Column::name)
        .containsExactly("country", "amount");
  }

  @Test
  void anExpressionThatUsesAnotherTwiceAndOneWithoutColumns() throws SqlFailure {
    // Given
    RecordSql sql =
        compile("SELECT 1 AS one, nullif(user_id + 1, 3) AS n FROM stream WHERE user_id + 1 < 9");
    RecordSql constant = compile("SELECT 1 AS one FROM stream");
    ColumnBatch rows = new ColumnBatch(new TableLayout(sql.output()));
    ColumnBatch constants = new ColumnBatch(new TableLayout(constant.output()));

    // When
    for (long user : new long[] {2, 5, 8}) {
      fill(sql, user, "de", 1L, "x");
      if (sql.apply(rows)) {
        rows.endRow();
      }
    }
    fill(constant, 1, "de", 1L, "x");
    constant.apply(constants);
    constants.endRow();

    // Then
    assertThat(rows.rows()).isEqualTo(2);
    assertThat(rows.vector(1).isNull(0)).isTrue();
    assertThat(((LongVector) rows.vector(1)).values()[1]).isEqualTo(6);
    assertThat(((LongVector) constants.vector(0)).values()[0]).isEqualTo(1);
  }

  @Test
  void aStarIsEveryField() {
    assertThat(compile("SELECT * FROM stream").output()).isEqualTo(COLUMNS);
  }

  /** Spark's parser takes the word for a keyword in most of these. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT e.amount FROM stream e WHERE e.amount > 1",
        "SELECT e.amount FROM Stream AS e WHERE e.amount > 1",
        "SELECT e.amount FROM `stream` AS e WHERE e.amount > 1",
        "SELECT stream.amount FROM stream WHERE amount > 1",
        "SELECT amount FROM stream -- the stream's\n WHERE wanted",
        "SELECT amount FROM STREAM WHERE wanted AND 'date ''today'' stream 😀' <> country",
        "SELECT e.amount FROM (SELECT * FROM stream s WHERE s.wanted) AS e;",
        "FROM stream SELECT amount WHERE amount > 1"
      })
  void theWordStreamIsAName(String text) throws SqlFailure {
    List<Column> columns =
        List.of(
            COLUMNS.get(1),
            Column.field("amount", ColumnType.LONG),
            Column.field("wanted", ColumnType.BOOLEAN));
    RecordSql sql = RecordSql.compile(text, columns, NumberTypes.WIDE);
    ColumnBatch rows = new ColumnBatch(new TableLayout(sql.output()));
    for (int i = 0; i < sql.record().layout().columns().size(); i++) {
      ColumnVector vector = sql.record().vector(i);
      switch (sql.record().layout().columns().get(i).name()) {
        case "amount" -> ((LongVector) vector).append(7);
        case "wanted" -> ((BooleanVector) vector).append(true);
        default -> text("de", (BytesVector) vector);
      }
    }
    sql.record().endRow();

    assertThat(sql.apply(rows)).isTrue();
    rows.endRow();

    assertThat(sql.output()).extracting(Column::name).containsExactly("amount");
    assertThat(((LongVector) rows.vector(0)).values()[0]).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FROM stream", "TABLE stream", "SELECT * FROM stream"})
  void withoutSelectItIsEveryField(String text) throws SqlFailure {
    RecordSql sql = compile(text);
    ColumnBatch rows = new ColumnBatch(new TableLayout(sql.output()));
    fill(sql, 1, "de", 5L, "linux");

    assertThat(sql.apply(rows)).isTrue();
    rows.endRow();

    assertThat(sql.output()).isEqualTo(COLUMNS);
    assertThat(sql.readsAll()).isTrue();
    assertThat(text(rows, 1, 0)).isEqualTo("de");
    assertThat(((LongVector) rows.vector(2)).values()[0]).isEqualTo(5);
  }

  /** Whatever Spark's functions throw: its own exceptions, checked ones among them, and others. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from_json(country, 'a INT', map('mode', 'FAILFAST')) | MALFORMED_RECORD_IN_PARSING",
        "format_string('%d', country) | IllegalFormatConversionException",
        "xpath_string(country, 'a/b') | RuntimeException",
        "repeat(country, 20000) RLIKE '^((x)?(o)?(n)?(-)?)*$' | StackOverflowError",
        "map_keys(map(country, 1, country, 2)) | DUPLICATED_MAP_KEY"
      })
  void whateverAnExpressionThrowsIsOfTheRecord(String expression, String reason) {
    RecordSql sql = compile("SELECT " + expression + " AS x FROM stream");
    ColumnBatch rows = new ColumnBatch(new TableLayout(sql.output()));

    for (int i = 0; i < 3; i++) {
      fill(sql, i, "xonx-", 1L, "x");
      assertThatThrownBy(() -> sql.apply(rows))
          .isInstanceOf(SqlFailure.class)
          .hasMessageContaining(reason)
          .message()
          .hasLineCount(1);
    }
  }

  @Test
  void aRecordAfterOneThatFailedHasNothingOfIt() throws SqlFailure {
    RecordSql sql =
        compile(
            "SELECT transform_keys(map('a', amount, 'b', 2), (k, v) -> concat(country, v)) AS m"
                + " FROM stream");
    ColumnBatch rows = new ColumnBatch(new TableLayout(sql.output()));
    fill(sql, 1, "x", 2L, "x");
    assertThatThrownBy(() -> sql.apply(rows)).hasMessageContaining("DUPLICATED_MAP_KEY");
    rows.discardRow();

    fill(sql, 1, "y", 1L, "x");
    sql.apply(rows);
    rows.endRow();

    assertThat(((ListVector) rows.vector(0)).ends()[0]).isEqualTo(2);
  }

  @Test
  void anExpressionWithoutEndIsRefused() {
    String text =
        "SELECT " + "(".repeat(1500) + "amount" + " + 1)".repeat(1500) + " AS x FROM stream";

    assertThatThrownBy(() -> compile(text)).isInstanceOf(MillraceException.class);
  }

  @Test
  void anExpressionWithoutValueIsAFailureWithSparksErrorClass() {
    RecordSql sql = compile("SELECT amount * 100 AS cents FROM stream");
    ColumnBatch rows = new ColumnBatch(new TableLayout(sql.output()));
    fill(sql, 1, "de", Long.MAX_VALUE, "x");

    assertThatThrownBy(() -> sql.apply(rows))
        .isInstanceOf(SqlFailure.class)
        .hasMessageContaining("ARITHMETIC_OVERFLOW");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT count(*) AS n FROM stream | aggregate",
        "SELECT country, sum(amount) AS n FROM stream GROUP BY country | aggregate",
        "SELECT DISTINCT country FROM stream | distinct",
        "SELECT country FROM stream LIMIT 3 | limit",
        "SELECT country FROM stream ORDER BY country | sort",
        "SELECT country FROM stream UNION ALL SELECT country FROM stream | union",
        "SELECT a.country FROM `stream` AS a JOIN `stream` AS b"
            + " ON a.user_id = b.user_id | join",
        "SELECT amount FROM VALUES (1), (2) AS t(amount) | no records",
        "VALUES (1) | no records",
        "SELECT 1 AS one | no records",
        "SELECT id FROM range(3) | no records",
        "WITH t AS (SELECT amount FROM stream) SELECT amount FROM t | WITH",
        "SELECT amount + 1 FROM stream | (amount + 1)",
        "SELECT amount AS `` FROM stream | name",
        "SELECT named_struct('a', 1, 'A', 2) AS pair FROM stream | pair has a member",
        "SELECT named_struct('a b', 1) AS pair FROM stream | pair has a member",
        "BEGIN SELECT amount FROM stream; END | exprId",
        "SELECT parse_json(country):a::int AS n FROM stream | unresolved",
        "SELECT TIMESTAMP /* not */ 'now' AS r FROM stream | another value each time",
        "SELECT date\t' TODAY utc' AS r FROM stream | another value each time",
        "SELECT explode(tags) AS tag FROM stream | generate",
        "SELECT row_number() OVER (ORDER BY amount) AS n FROM stream | window",
        "SELECT (SELECT max(amount) FROM stream) AS n FROM stream | subquery",
        "SELECT rand() AS r FROM stream | another value each time",
        "SELECT uuid() AS r FROM stream | another value each time",
        "SELECT current_timestamp() AS r FROM stream | another value each time",
        "SELECT amount FROM stream WHERE now() > TIMESTAMP'2020-01-01' | another value each time",
        "SELECT unix_timestamp() AS r FROM stream | another value each time",
        "SELECT curdate() AS r FROM stream | another value each time",
        "SELECT TIMESTAMP \"now\" AS r FROM stream | another value each time",
        "SELECT current_user() AS u FROM stream | another value each time",
        "SELECT nothing FROM stream | nothing",
        "SELECT no_such_function(amount) AS n FROM stream | no_such_function",
        "SELECT amount FROM elsewhere | elsewhere",
        "SELECT amount, country AS Amount FROM stream | Amount",
        "SELECT NULL AS n FROM stream | VOID",
        "SELECT INTERVAL '1' DAY AS n FROM stream | INTERVAL",
        "SELEC amount FROM stream | SELEC",
        "DROP TABLE stream | no records"
      })
  void refusesWithReasonAndRemedy(String sql, String reason) {
    assertThatThrownBy(() -> compile(sql))
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(e.reason()).containsIgnoringCase(reason).doesNotContain("\n");
              assertThat(e.remedy()).isNotBlank();
            });
  }
}
