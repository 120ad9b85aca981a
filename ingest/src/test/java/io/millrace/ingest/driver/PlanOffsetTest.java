package io.millrace.ingest.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanOffsetTest {
  @Test
  void comesBackFromItsJson() {
    PlanOffset offset = new PlanOffset(12, Map.of(3, 99L, 0, 0L));

    PlanOffset back = PlanOffset.fromJson(offset.json());

    assertThat(offset.json()).isEqualTo("{\"plan\":12,\"targets\":{\"0\":0,\"3\":99}}");
    assertThat(back).isEqualTo(offset);
    assertThat(back.number()).isEqualTo(12);
  }

  @Test
  void anotherPlanIsAnotherOffsetEvenWithTheSameTargets() {
    assertThat(new PlanOffset(1, Map.of(0, 5L))).isNotEqualTo(new PlanOffset(2, Map.of(0, 5L)));
  }
}
