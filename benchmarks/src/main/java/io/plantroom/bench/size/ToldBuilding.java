package io.plantroom.bench.size;

import io.plantroom.edge.poll.ReportFilter;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.Profile;
import io.plantroom.profile.Quantity;
import io.plantroom.profile.Raw;
import io.plantroom.profile.RegisterCodec;
import io.plantroom.simulator.Options;
import io.plantroom.simulator.building.Building;
import io.plantroom.simulator.play.Playback;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway tells of the shipped simulated building: its devices' values, through the
 * registers they stand in, as often as the agent reads them, passed by the agent's own filter of
 * what is worth telling. Only the time is not waited for.
 */
final class ToldBuilding {
  /** So that the counters have counted something. */
  private static final Duration HISTORY = Duration.ofDays(30);

  private static final Duration HEARTBEAT = Duration.ofMinutes(5);
  private static final int JITTER_MILLIS = 40;

  private final Options options = Options.shipped();
  private final Random jitter = new Random(20261121);

  private record Device(
      Building.Entry entry, Profile profile, Playback play, ReportFilter filter, long seconds) {}

  /** Tells the samples of some time, those of a second together. */
  void tell(Instant from, Duration span, Consumer<List<Sample>> sink) {
    List<Device> devices = options.building().devices().stream().map(this::device).toList();
    for (long second = 0; second < span.toSeconds(); second++) {
      List<Sample> told = new ArrayList<>();
      for (Device device : devices) {
        if (second % device.seconds() == 0) {
          told.addAll(device.filter().worthTelling(read(device, second, from)));
        }
      }
      sink.accept(told);
    }
  }

  private Device device(Building.Entry entry) {
    Profile profile = options.catalog().find(entry.profile()).orElseThrow();
    String chance = entry.seed() == null ? entry.key() : entry.seed();
    return new Device(
        entry,
        profile,
        new Playback(profile, options.seed(), chance),
        new ReportFilter(profile.points(), HEARTBEAT),
        Math.max(1, entry.period(profile).toSeconds()));
  }

  private List<Sample> read(Device device, long second, Instant from) {
    long cycle = second / device.seconds();
    Instant at = from.plusSeconds(second).plusMillis(jitter.nextInt(JITTER_MILLIS));
    long millis = HISTORY.toMillis() + Duration.between(from, at).toMillis();
    List<Sample> samples = new ArrayList<>();
    for (Point point : device.profile().points()) {
      if (cycle % point.scan().cycles() == 0) {
        Value value = value(device, point, millis);
        if (value != null) {
          samples.add(Sample.good(device.entry().key(), point.name(), at, value));
        }
      }
    }
    return samples;
  }

  private static @Nullable Value value(Device device, Point point, long millis) {
    return device
        .play()
        .show(point, millis, Map.of(), Map.of())
        .map(shown -> value(seen(device, point, shown, millis)))
        .orElse(null);
  }

  /** As it reads behind its registers. */
  private static Quantity seen(Device device, Point point, Quantity shown, long millis) {
    Function<String, @Nullable BigDecimal> others =
        other ->
            device
                .profile()
                .point(other)
                .flatMap(p -> device.play().show(p, millis, Map.of(), Map.of()))
                .map(Quantity::number)
                .orElse(null);
    Raw raw = point.raw(shown, others);
    if (point.address() instanceof PointAddress.Modbus address) {
      int[] registers = new int[address.registers()];
      RegisterCodec.encode(address, raw, registers, 0);
      raw = RegisterCodec.decode(address, registers, 0);
    }
    return point.quantity(raw, others);
  }

  private static @Nullable Value value(Quantity quantity) {
    if (quantity instanceof Quantity.Analog a) {
      return new Value.Analog(a.value());
    }
    if (quantity instanceof Quantity.Counter c) {
      return new Value.Counter(c.value());
    }
    if (quantity instanceof Quantity.State s) {
      return new Value.State(s.code());
    }
    return quantity instanceof Quantity.Text t ? new Value.Text(t.text()) : null;
  }
}
