package io.millrace.core.avro;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.column.BytesVector;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalTextTest {
  @Test
  void isThePlainTextOfTheNumber() {
    Random random = new Random(22);
    ColumnBatch batch =
        new ColumnBatch(
            new TableLayout(List.of(new Column("v", ColumnType.STRING, Column.Role.FIELD))));
    BytesVector texts = (BytesVector) batch.vector(0);
    for (int scale : new int[] {0, 1, 8, 9, 10, 60, 400}) {
      DecimalText text = new DecimalText(scale, 128);
      for (int i = 0; i < 20_000; i++) {
        BigInteger number = number(random);
        byte[] bytes = number.toByteArray();
        text.append(bytes, 0, bytes.length, texts);
        batch.endRow();
        assertThat(new String(texts.data(), 0, texts.ends()[0], StandardCharsets.US_ASCII))
            .isEqualTo(new BigDecimal(number, scale).toPlainString());
        batch.clear();
      }
    }
  }

  /** Any, few, powers of two and ten, and those beside them. */
  private static BigInteger number(Random random) {
    BigInteger number =
        switch (random.nextInt(3)) {
          case 0 -> new BigInteger(random.nextInt(8 * 128 - 1), random);
          case 1 -> BigInteger.ONE.shiftLeft(random.nextInt(8 * 128 - 2));
          default -> BigInteger.TEN.pow(random.nextInt(300));
        };
    number = number.add(BigInteger.valueOf(random.nextInt(3) - 1));
    return random.nextBoolean() ? number : number.negate();
  }
}
