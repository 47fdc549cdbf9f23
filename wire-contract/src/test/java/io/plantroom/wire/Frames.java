package io.plantroom.wire;

import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Frames that tests share; the golden files hold exactly these. */
final class Frames {
  static final Instant NOON = Instant.parse("2026-11-21T04:00:00Z");

  private Frames() {}

  static Frame.Telemetry telemetry() {
    List<Sample> samples =
        List.of(
            Sample.good("meter-1", "active-power", NOON, new Value.Analog(12.5)),
            Sample.good(
                "meter-1",
                "energy-import",
                NOON.plusMillis(3),
                new Value.Counter(new BigDecimal("123456.70"))),
            Sample.good("lift-1", "door", NOON.plusSeconds(1), new Value.State(-1)),
            Sample.good("lift-1", "floor", NOON.plusSeconds(1), new Value.Text("B2 地下")),
            Sample.bad("pump-1", "flow", NOON.minusSeconds(5), Cause.TIMEOUT),
            new Sample(
                "pump-1",
                "head",
                NOON,
                new Value.Analog(-0.25),
                Quality.UNCERTAIN,
                Cause.DEVICE_DOUBT,
                false));
    return new Frame.Telemetry(
        new FrameHeader("gw-1", Lane.TELEMETRY, 0x1122334455667788L, 41, samples.size(), 7, 2),
        samples);
  }

  /** Small enough to stay uncompressed. */
  static Frame.Events link() {
    return new Frame.Events(
        new FrameHeader("gw-1", Lane.EVENTS, 9, 4, 1, 4, 0),
        List.of(new Event.LinkChange(NOON, true, "meter-1", true, null)));
  }

  static Frame.Events events() {
    List<Event> events =
        List.of(
            new Event.AlarmChange(
                NOON,
                true,
                UUID.fromString("00000000-0000-4000-8000-000000000001"),
                "pump-1",
                "dry-run",
                Event.Change.RAISED,
                "alarm-code",
                "57"),
            new Event.LinkChange(NOON, true, "meter-1", false, "no answer within 1 s"),
            new Event.Inventory(
                NOON,
                false,
                "0.1.0",
                List.of(
                    new Event.Device(
                        "pump-1",
                        "grundfos-cim-pump",
                        new Event.LocalName("一号泵", "Pump 1"),
                        null,
                        "modbus-tcp://10.0.0.5:502?unit=3",
                        null))));
    return new Frame.Events(
        new FrameHeader("gw-1", Lane.EVENTS, 9, 1, events.size(), 1, 0), events);
  }
}
