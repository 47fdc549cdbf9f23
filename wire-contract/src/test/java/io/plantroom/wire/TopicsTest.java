package io.plantroom.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.telemetry.Lane;
import org.junit.jupiter.api.Test;

class TopicsTest {

  @Test
  void aTopicTellsWhoSentWhat() {
    assertThat(Topics.frames("gw-1", Lane.EVENTS)).isEqualTo("plantroom/v1/gw-1/up/events");
    assertThat(Topics.parseUp("plantroom/v1/gw-1/up/events"))
        .contains(new Topics.Up("gw-1", "events"));
    assertThat(Topics.parseUp(Topics.status("gw-1"))).contains(new Topics.Up("gw-1", "status"));
  }

  @Test
  void otherTopicsAreNobodys() {
    assertThat(Topics.parseUp("plantroom/v1/gw-1/down/receipt")).isEmpty();
    assertThat(Topics.parseUp("plantroom/v1/a/b/up/events")).isEmpty();
    assertThat(Topics.parseUp("else/gw-1/up/events")).isEmpty();
  }
}
