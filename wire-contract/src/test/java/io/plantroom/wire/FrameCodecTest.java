package io.plantroom.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @Test
  void aTelemetryFrameComesBackAsItWasSent() throws Exception {
    assertThat(FrameCodec.decode(FrameCodec.encode(Frames.telemetry())))
        .isEqualTo(Frames.telemetry());
  }

  @Test
  void anEventFrameComesBackAsItWasSent() throws Exception {
    assertThat(FrameCodec.decode(FrameCodec.encode(Frames.events()))).isEqualTo(Frames.events());
  }

  /** Hubs must read what gateways in the field wrote years ago: these bytes never change. */
  @Test
  void theBytesOfVersionOneAreTheGoldenOnes() throws Exception {
    for (var golden :
        Map.of("telemetry-v1.hex", Frames.telemetry(), "link-v1.hex", Frames.link()).entrySet()) {
      assertThat(FrameCodec.decode(golden(golden.getKey()))).isEqualTo(golden.getValue());
      assertThat(FrameCodec.encode(golden.getValue())).isEqualTo(golden(golden.getKey()));
    }
  }

  /** Packed bodies are only read: another zlib may pack the same body into other bytes. */
  @Test
  void aPackedFrameOfVersionOneIsUnderstood() throws Exception {
    assertThat(FrameCodec.decode(golden("events-v1.hex"))).isEqualTo(Frames.events());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyFrameComesBackAsItWasSent(long seed) throws Exception {
    Random random = new Random(seed);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      samples.add(
          Sample.good(
              "device-" + random.nextInt(20),
              "point-" + random.nextInt(50),
              Frames.NOON.plusMillis(random.nextInt()),
              value(random)));
    }
    Frame frame =
        new Frame.Telemetry(
            new FrameHeader("gw", Lane.TELEMETRY, random.nextLong(), 5, 2_000, 1, 0), samples);
    assertThat(FrameCodec.decode(FrameCodec.encode(frame))).as("seed %d", seed).isEqualTo(frame);
  }

  @Test
  void everyFlippedBitIsNoticed() {
    byte[] good = FrameCodec.encode(Frames.telemetry());
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> FrameCodec.decode(bad)).isInstanceOf(WireException.class);
    }
  }

  @Test
  void everyTruncationIsNoticed() {
    byte[] good = FrameCodec.encode(Frames.events());
    for (int length = 0; length < good.length; length++) {
      byte[] bad = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> FrameCodec.decode(bad)).isInstanceOf(WireException.class);
    }
  }

  @Test
  void aNewerVersionIsNamed() {
    byte[] frame = FrameCodec.encode(Frames.events());
    frame[2] = 2;
    assertThatThrownBy(() -> FrameCodec.decode(frame))
        .hasMessage("frame of wire version 2, this side understands 1");
  }

  @Test
  void aBodyThatIsNonsenseLeavesTheHeaderReadable() throws Exception {
    byte[] frame = FrameCodec.encode(Frames.link());
    // Break the JSON, then make the check sum right again: damage before sending, not on the way.
    int brace = indexOf(frame, (byte) '[');
    frame[brace] = '!';
    resum(frame);
    assertThatThrownBy(() -> FrameCodec.decode(frame))
        .isInstanceOf(WireException.class)
        .hasMessageStartingWith("events: ");
    assertThat(FrameCodec.decodeHeader(frame)).isEqualTo(Frames.link().header());
  }

  @Test
  void hostileBytesNeverBreakOutOfWireException() {
    byte[] good = FrameCodec.encode(Frames.telemetry());
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = good.clone();
      for (int n = random.nextInt(6) + 1; n > 0; n--) {
        bad[3 + random.nextInt(bad.length - 7)] = (byte) random.nextInt();
      }
      resum(bad);
      try {
        FrameCodec.decode(bad);
      } catch (WireException expected) {
        assertThat(expected.getMessage()).isNotBlank();
      }
    }
  }

  private static Value value(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Value.Analog(random.nextGaussian() * 1e6);
      case 1 -> new Value.Counter(new BigDecimal(new BigInteger(70, random), random.nextInt(8)));
      case 2 -> new Value.State(random.nextInt());
      default -> new Value.Text("文".repeat(random.nextInt(5)));
    };
  }

  private static byte[] golden(String file) throws IOException {
    return HexFormat.of().parseHex(Files.readString(GOLDEN.resolve(file)).strip());
  }

  private static int indexOf(byte[] bytes, byte wanted) {
    int i = 0;
    while (bytes[i] != wanted) {
      i++;
    }
    return i;
  }

  private static void resum(byte[] frame) {
    CRC32C crc = new CRC32C();
    crc.update(frame, 0, frame.length - 4);
    ByteBuffer.wrap(frame).putInt(frame.length - 4, (int) crc.getValue());
  }
}
