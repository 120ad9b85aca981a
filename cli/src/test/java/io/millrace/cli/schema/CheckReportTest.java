package io.millrace.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.schema.TablePreview.Effect;
import io.millrace.cli.schema.TablePreview.PreviewColumn;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckReportTest {
  private static final Target TARGET =
      new Target("t-value", Optional.of("t"), Optional.empty(), false);
  private static final VersionVerdict FITS = verdict(2, true);
  private static final VersionVerdict REFUSED = verdict(1, false);
  private static final TablePreview TABLE =
      new TablePreview(
          List.of(
              new PreviewColumn("a", "LONG", Effect.STAYS, null),
              new PreviewColumn("b", "STRING", Effect.APPEARS, null)),
          null);
  private static final Sample SAMPLE = new Sample(1, 3, 3, 0, 0, 0, List.of(), List.of());

  @Test
  void safeIsWhatNothingSpeaksAgainst() {
    assertThat(report("BACKWARD", false, List.of(FITS), TABLE, SAMPLE).isSafe()).isTrue();
    assertThat(report("BACKWARD", false, List.of(), null, null).isSafe()).isTrue();
    Sample unreadable =
        new Sample(1, 1, 0, 0, 0, 1, List.of(), List.of(new Sample.Named(0, 0, "magic")));
    assertThat(report("BACKWARD", false, List.of(), TABLE, unreadable).isSafe()).isTrue();
  }

  @Test
  void earlierVersionsDecideUnlessToldOtherwise() {
    List<VersionVerdict> versions = List.of(FITS, REFUSED);

    assertThat(report("BACKWARD", false, versions, TABLE, SAMPLE).problems())
        .containsExactly("incompatible with version 1");
    assertThat(report("BACKWARD", true, versions, TABLE, SAMPLE).isSafe()).isTrue();
    assertThat(report("BACKWARD_TRANSITIVE", true, versions, TABLE, SAMPLE).isSafe()).isFalse();
    assertThat(report("BACKWARD", true, List.of(verdict(2, false)), TABLE, SAMPLE).isSafe())
        .isFalse();
  }

  @Test
  void aTableThatCanNotTakeItAndRecordsThatDoNotFitAreProblems() {
    TablePreview conflict =
        new TablePreview(List.of(new PreviewColumn("a", "LONG", Effect.CONFLICT, "string")), null);
    Sample misfit =
        new Sample(2, 1_200, 0, 0, 1_200, 0, List.of(new Sample.Named(1, 7, "no a")), List.of());

    assertThat(report("NONE", false, List.of(), conflict, misfit).problems())
        .containsExactly("the table can't take a", "1,200 of 1,200 sampled records no longer fit");
    assertThat(
            report("NONE", false, List.of(), new TablePreview(List.of(), "no record"), null)
                .problems())
        .containsExactly("no table can be made of it");
  }

  @Test
  void theTextSaysAllOfIt() {
    TablePreview table =
        new TablePreview(
            List.of(
                new PreviewColumn("a", "LONG", Effect.STAYS, null),
                new PreviewColumn("b", "STRING", Effect.APPEARS, null),
                new PreviewColumn("c", "DATE", Effect.NULL_FROM_NOW_ON, null),
                new PreviewColumn("d", "LONG", Effect.CONFLICT, "it is text")),
            null);
    Sample sample =
        new Sample(
            2,
            4,
            1,
            1,
            1,
            1,
            List.of(new Sample.Named(1, 7, "no a")),
            List.of(new Sample.Named(0, 3, "no magic")));

    assertThat(
            CheckText.of(report("BACKWARD", false, List.of(FITS, REFUSED), table, sample)).lines())
        .containsExactly(
            "new.avsc for t-value, level BACKWARD",
            "compatibility",
            "  version 2: accepted; new reads old: yes; old reads new: yes",
            "  version 1: REFUSED; new reads old: no; old reads new: yes",
            "    new reads old: field x: has no default",
            "    registry: so it is",
            "table",
            "  + b STRING",
            "  ~ c DATE: stays, null in new rows",
            "  ! d LONG: can't be stored: it is text",
            "  1 column stays as before",
            "sample",
            "  4 records of 2 partitions: 1 fit, 1 no longer fit, 1 are unreadable anyway, 1 are null",
            "    no longer fits: partition 1 offset 7: no a",
            "    unreadable anyway: partition 0 offset 3: no magic",
            "NOT SAFE: incompatible with version 1; the table can't take d; 1 of 4 sampled records no longer fit");
  }

  private static CheckReport report(
      String level,
      boolean latestOnly,
      List<VersionVerdict> versions,
      TablePreview table,
      Sample sample) {
    return CheckReport.of("new.avsc", TARGET, level, latestOnly, versions, table, sample);
  }

  private static VersionVerdict verdict(int version, boolean accepted) {
    return new VersionVerdict(
        version,
        version,
        accepted,
        accepted ? List.of() : List.of("so it is"),
        accepted ? List.of() : List.of("field x: has no default"),
        List.of());
  }
}
