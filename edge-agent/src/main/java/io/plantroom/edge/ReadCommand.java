package io.plantroom.edge;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.poll.Meaning;
import io.plantroom.profile.Point;
import io.plantroom.profile.StateText;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads a device once, for whoever stands before it. The outbox is not touched. */
@Command(
    name = "read",
    mixinStandardHelpOptions = true,
    description = "Reads one device once and prints a table. 读取一次设备")
final class ReadCommand implements Callable<Integer> {
  @Mixin private ConfigOption config = new ConfigOption();

  @Option(names = "--device", required = true, paramLabel = "KEY", description = "Device. 设备")
  private @Nullable String key;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    EdgeConfig loaded = config.load(err);
    if (loaded == null) {
      return 2;
    }
    Optional<DeviceConfig> device =
        loaded.devices().stream().filter(d -> d.key().equals(key)).findFirst();
    if (device.isEmpty()) {
      loaded.problems().forEach(err::println);
      err.println("there is no device '" + key + "' that could be read");
      err.flush();
      return 2;
    }
    return read(loaded, device.get(), out, err);
  }

  private static int read(EdgeConfig c, DeviceConfig device, PrintWriter out, PrintWriter err) {
    Map<String, DriverFactory> drivers = Drivers.all(c.data(), InstantSource.system());
    String scheme = String.valueOf(device.endpoint().getScheme()).toLowerCase(Locale.ROOT);
    try (ProtocolDriver driver = Objects.requireNonNull(drivers.get(scheme)).open(device)) {
      List<Point> points = device.profile().points();
      List<RawValue> values = driver.read(points);
      List<Sample> samples = Meaning.samples(device, points, values, true, new HashMap<>());
      for (int i = 0; i < points.size(); i++) {
        print(out, points.get(i), samples.get(i));
      }
      out.flush();
      return 0;
    } catch (DriverException e) {
      err.println(device.key() + ": " + e.reason() + ": " + e.getMessage());
      err.flush();
      return 1;
    } finally {
      drivers.values().stream().distinct().forEach(DriverFactory::close);
    }
  }

  private static void print(PrintWriter out, Point point, Sample sample) {
    String value = sample.value() == null ? "-" : text(point, sample.value());
    String unit = point.unit() == null || "1".equals(point.unit()) ? "" : point.unit();
    String quality =
        sample.value() == null ? sample.quality() + " " + sample.cause() : "" + sample.quality();
    out.printf("%-32s %20s %-8s %s%n", point.name(), value, unit, quality);
  }

  private static String text(Point point, Value value) {
    if (value instanceof Value.Analog a) {
      return String.valueOf(a.value());
    }
    if (value instanceof Value.Counter c) {
      return c.value().toPlainString();
    }
    if (value instanceof Value.State s) {
      return point.states().stream()
          .filter(t -> t.code() == s.code())
          .findFirst()
          .map(StateText::title)
          .map(t -> s.code() + " " + t.en())
          .orElse(String.valueOf(s.code()));
    }
    return ((Value.Text) value).text();
  }
}
