package io.plantroom.hub.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PositionsTest {
  private final Positions positions = new Positions();

  @Test
  void aReplicaIsOfTheTimeOfTheNewestPlaceThatItHasReached() {
    positions.note(1, 100);
    positions.note(2, 200);
    positions.note(3, 300);

    assertThat(positions.asOf(299)).hasValue(2);
    assertThat(positions.asOf(300)).hasValue(3);
    assertThat(positions.asOf(10_000)).hasValue(3);
  }

  @Test
  void whileNothingIsWrittenItStaysOfThisInstant() {
    positions.note(1, 100);
    positions.note(2, 100);
    positions.note(3, 100);

    assertThat(positions.asOf(100)).hasValue(3);
  }

  @Test
  void ofWhatLiesBeforeAllThatIsKnownNobodyKnowsTheTime() {
    for (int i = 0; i < 5_000; i++) {
      positions.note(i, 100 + i);
    }

    assertThat(positions.asOf(101)).as("so long ago that it is forgotten").isEmpty();
    assertThat(new Positions().asOf(100)).as("not noted yet").isEmpty();
  }

  @Test
  void whatAPrimaryHasLostCountsNoMore() {
    positions.note(1, 100);
    positions.note(2, 200);
    positions.note(3, 150); // another server has taken over before 200 had come to it

    assertThat(positions.asOf(149)).hasValue(1);
    assertThat(positions.asOf(200)).hasValue(3);
  }
}
