package io.millrace.lake.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValueTextTest {
  @Test
  void controlCharactersDoNotReachTheTerminal() {
    assertThat(ValueText.of(ColumnType.STRING, "a\n\u001b[31mü"))
        .isEqualTo("\"a\\u000a\\u001b[31mü\"");
  }

  @Test
  void nestedValuesAreShownInOrderWithoutNullMembers() {
    ColumnType pair =
        ColumnType.struct(
            List.of(Column.field("a", ColumnType.LONG), Column.field("b", ColumnType.STRING)));

    assertThat(ValueText.of(pair, Arrays.asList(1L, null))).isEqualTo("{a: 1}");
    assertThat(ValueText.of(pair, Arrays.asList(null, null))).isEqualTo("{}");
    assertThat(ValueText.of(pair, null)).isEqualTo("null");
    assertThat(ValueText.of(ColumnType.list(pair), Arrays.asList(Arrays.asList(null, "x\n"), null)))
        .isEqualTo("[{b: \"x\\u000a\"}, null]");
    assertThat(
            ValueText.of(
                ColumnType.map(ColumnType.decimal(3, 2)),
                List.of(
                    Map.entry("z", new BigDecimal("1.20")),
                    Map.entry("y", new BigDecimal("0.00")))))
        .isEqualTo("{\"y\": 0.00, \"z\": 1.20}");
  }

  @Test
  void shortValuesStayWhole() {
    assertThat(ValueText.cut("\"x\"", "null")).isEqualTo("\"x\"");
  }

  @Test
  void longValuesAreCutToTheirFirstDifference() {
    String one = "a".repeat(100) + "1" + "b".repeat(100);
    String other = "a".repeat(100) + "2" + "b".repeat(50);

    assertThat(ValueText.cut(one, other))
        .isEqualTo("..." + "a".repeat(20) + "1" + "b".repeat(39) + "... (201 characters)");
    assertThat(ValueText.cut(other, one))
        .isEqualTo("..." + "a".repeat(20) + "2" + "b".repeat(39) + "... (151 characters)");
    assertThat(ValueText.cut(one, one + "c"))
        .isEqualTo("..." + "b".repeat(60) + " (201 characters)");
  }

  @Test
  void blocksThatSurelyDifferAndTheFirstOfEachPartitionAreLookedAtFirst() {
    List<Block> suspects = new ArrayList<>();
    suspects.add(new Block(0, 0, 10, false));
    for (int i = 1; i < 30; i++) {
      suspects.add(new Block(0, i * 10L, i * 10L + 10, true));
    }
    suspects.add(new Block(7, 0, 10, true));

    assertThat(SecondLook.choose(suspects))
        .hasSize(SecondLook.MOST_BLOCKS)
        .startsWith(suspects.get(30), suspects.get(1), suspects.get(2))
        .doesNotContain(suspects.get(0));
    assertThat(SecondLook.choose(suspects.subList(0, 3)))
        .containsExactly(suspects.get(1), suspects.get(2), suspects.get(0));
  }
}
