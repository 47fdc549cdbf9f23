package io.plantroom.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LiveCodecTest {

  @Test
  void liveValuesComeBackAsTheyWereSent() throws Exception {
    var samples = Frames.telemetry().samples();
    assertThat(LiveCodec.decode(LiveCodec.encode(samples))).isEqualTo(samples);
  }

  @Test
  void everyFlippedBitIsNoticed() {
    byte[] good = LiveCodec.encode(Frames.telemetry().samples());
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> LiveCodec.decode(bad)).isInstanceOf(WireException.class);
    }
  }
}
