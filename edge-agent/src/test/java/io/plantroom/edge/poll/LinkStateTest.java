package io.plantroom.edge.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.profile.LocalText;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LinkStateTest {
  private static LocalText text(String text) {
    return new LocalText(text, text);
  }

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration EVERY = Duration.ofSeconds(2);

  @Test
  void oneMissIsNotYetAnOutageTwoAre() {
    LinkState online = new LinkState.Unknown().succeeded(NOON);
    LinkState once = online.failed(NOON.plusSeconds(2), text("x"));
    assertThat(once).isInstanceOf(LinkState.Online.class);
    assertThat(once.succeeded(NOON.plusSeconds(4))).isEqualTo(online);
    LinkState twice = once.failed(NOON.plusSeconds(4), text("no answer"));
    assertThat(twice).isEqualTo(new LinkState.Offline(NOON.plusSeconds(4), 1, text("no answer")));
  }

  @Test
  void theFirstTryDecidesAtOnce() {
    assertThat(new LinkState.Unknown().failed(NOON, text("x")))
        .isInstanceOf(LinkState.Offline.class);
  }

  @Test
  void thePauseDoublesUpToAMinuteAndKeepsWhenItBegan() {
    LinkState state = new LinkState.Unknown();
    long[] pauses = new long[7];
    for (int i = 0; i < pauses.length; i++) {
      state = state.failed(NOON.plusSeconds(i), text("x"));
      pauses[i] = state.next(EVERY).toSeconds();
    }
    assertThat(pauses).containsExactly(4, 8, 16, 32, 60, 60, 60);
    assertThat(((LinkState.Offline) state).since()).isEqualTo(NOON);
    assertThat(state.succeeded(NOON).next(EVERY)).isEqualTo(EVERY);
  }

  @Test
  void aSlowDeviceIsNeverAskedMoreOftenThanItsPeriod() {
    LinkState state = new LinkState.Unknown().failed(NOON, text("x"));
    assertThat(state.next(Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
  }
}
