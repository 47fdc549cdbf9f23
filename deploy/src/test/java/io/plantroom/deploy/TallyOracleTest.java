package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An oracle that sees nothing would let everything pass. */
class TallyOracleTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final List<String> POINTS = List.of("tally", "check");

  private final List<Shown> shown = new ArrayList<>();
  private final List<Stored> rows = new ArrayList<>();
  private final List<ToldLoss> losses = new ArrayList<>();
  private final List<Allowance> allowances = new ArrayList<>();

  /** Ten answers, one a second, each stored 5 ms later. */
  TallyOracleTest() {
    for (long n = 1; n <= 10; n++) {
      for (String point : POINTS) {
        shown.add(new Shown("tally-1", n, point, String.valueOf(n * 7), at(n)));
        rows.add(row(n, point, at(n).plusMillis(5)));
      }
    }
  }

  @Test
  void whatIsThereOnceAndRightAgrees() {
    assertThat(verdict().wrong()).isEmpty();
    assertThat(verdict().matched()).isEqualTo(20);
    assertThat(verdict().explained()).isEmpty();
  }

  @Test
  void aDoubledRowIsFoundInWhicheverTableItStands() {
    Stored first = rows.get(4);
    rows.add(
        new Stored(
            first.device(), first.point(), first.value(), first.at(), true, "sample_conflict"));
    assertWrong("doubled");
  }

  @Test
  void aMissingRowIsFound() {
    rows.remove(4);
    assertWrong("missing");
  }

  @Test
  void anAlteredRowIsMissingAndStrange() {
    Stored first = rows.remove(4);
    rows.add(new Stored(first.device(), first.point(), "22", first.at(), true, "register_sample"));
    assertThat(verdict().wrong()).hasSize(2);
    assertThat(verdict().wrong().get(0)).startsWith("missing");
    assertThat(verdict().wrong().get(1)).startsWith("altered").contains("22");
  }

  @Test
  void aRowOfAnotherDeviceOrPointIsFound() {
    Stored first = rows.remove(4);
    rows.add(new Stored("tally-2", first.point(), first.value(), first.at(), true, "telemetry"));
    assertThat(verdict().wrong()).hasSize(2);
  }

  @Test
  void aTimeBeforeTheAnswerIsFound() {
    retime(3, at(3).minusMillis(1));
    assertWrong("mistimed");
  }

  @Test
  void aTimeAfterTheNextAnswerIsFound() {
    retime(3, at(4).plusMillis(1));
    assertWrong("mistimed");
  }

  @Test
  void aTimeLongAfterTheLastAnswerIsFound() {
    retime(10, at(10).plus(TallyOracle.LATEST));
    assertThat(verdict().wrong()).isEmpty();
    retime(10, at(10).plus(TallyOracle.LATEST).plusMillis(1));
    assertWrong("mistimed");
  }

  @Test
  void aTimeThatTheHubItselfDoubtsIsNotHeldAgainstIt() {
    rows.removeIf(r -> r.value().equals("21") && r.point().equals("tally"));
    rows.add(new Stored("tally-1", "tally", "21", NOON.minusSeconds(7200), false, "telemetry"));
    assertThat(verdict().wrong()).isEmpty();
  }

  @Test
  void aDeathExcusesTheLastAnswerBeforeItAndNoOther() {
    remove(5);
    allowances.add(new Allowance.InFlight("killed", at(5).plusMillis(300)));
    assertThat(verdict().wrong()).isEmpty();
    assertThat(verdict().explained()).containsEntry("killed", 2);
    remove(4);
    assertThat(verdict().wrong()).hasSize(2).allMatch(w -> w.contains("number=4"));
  }

  @Test
  void aDeathDoesNotExcuseTheFirstAnswerAfterIt() {
    remove(6);
    allowances.add(new Allowance.InFlight("killed", at(5).plusMillis(300)));
    assertThat(verdict().wrong()).hasSize(2);
  }

  @Test
  void asManyAnswersAreExcusedAsTheAgentSaysItMissed() {
    remove(4);
    remove(6);
    allowances.add(new Allowance.Missed("missed", "tally-1", 2, at(0), at(9)));
    assertThat(verdict().wrong()).isEmpty();
    assertThat(verdict().explained()).containsEntry("missed", 4);
    remove(8);
    assertThat(verdict().wrong()).hasSize(2).allMatch(w -> w.contains("number=8"));
    allowances.set(0, new Allowance.Missed("missed", "tally-2", 3, at(0), at(9)));
    assertThat(verdict().wrong()).hasSize(6);
  }

  @Test
  void aToldLossExcusesAsManyAsItSaysWithinItsTimes() {
    remove(4);
    remove(5);
    losses.add(new ToldLoss("evicted", 4, at(4).plusMillis(5), at(5).plusMillis(5)));
    assertThat(verdict().wrong()).isEmpty();
    assertThat(verdict().explained()).containsEntry("told as lost: evicted", 4);
    losses.set(0, new ToldLoss("evicted", 3, at(4), at(5)));
    assertThat(verdict().wrong()).hasSize(1);
    losses.set(0, new ToldLoss("evicted", 4, at(4).minusSeconds(60), at(4).plusMillis(5)));
    assertThat(verdict().wrong()).hasSize(2).allMatch(w -> w.contains("number=5"));
  }

  @Test
  void nothingExcusesADoubledRow() {
    rows.add(rows.get(4));
    losses.add(new ToldLoss("evicted", 100, null, null));
    allowances.add(new Allowance.Span("power cut", at(0), at(20)));
    assertWrong("doubled");
  }

  private void assertWrong(String kind) {
    assertThat(verdict().wrong()).singleElement().asString().startsWith(kind);
  }

  private void remove(long number) {
    rows.removeIf(r -> r.value().equals(String.valueOf(number * 7)));
  }

  private void retime(long number, Instant at) {
    rows.removeIf(r -> r.value().equals(String.valueOf(number * 7)) && r.point().equals("tally"));
    rows.add(row(number, "tally", at));
  }

  private TallyOracle.Verdict verdict() {
    return TallyOracle.compare(shown, rows, losses, allowances);
  }

  private static Stored row(long number, String point, Instant at) {
    return new Stored("tally-1", point, String.valueOf(number * 7), at, true, "telemetry");
  }

  private static Instant at(long number) {
    return NOON.plusSeconds(number);
  }
}
