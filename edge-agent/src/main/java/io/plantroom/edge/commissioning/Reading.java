package io.plantroom.edge.commissioning;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.poll.Meaning;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.Raw;
import io.plantroom.profile.StateText;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A point as it was read once, in words. */
record Reading(Point point, @Nullable Raw raw, Sample sample) {

  /** Something that is done with a driver of a device; it is closed afterwards. */
  interface Use<T> {
    T with(ProtocolDriver driver) throws DriverException;
  }

  /** Opens a driver of the device for a while. */
  static <T> T with(Map<String, DriverFactory> drivers, DeviceConfig device, Use<T> use)
      throws DriverException {
    String scheme = String.valueOf(device.endpoint().getScheme()).toLowerCase(Locale.ROOT);
    DriverFactory factory = drivers.get(scheme);
    if (factory == null) {
      throw new IllegalArgumentException("no driver for " + scheme + "://");
    }
    try (ProtocolDriver driver = factory.open(device)) {
      return use.with(driver);
    } finally {
      drivers.values().stream().distinct().forEach(DriverFactory::close);
    }
  }

  static List<Reading> all(ProtocolDriver driver, DeviceConfig device) throws DriverException {
    List<Point> points = device.profile().points();
    List<RawValue> values = driver.read(points);
    List<Sample> samples = Meaning.samples(device, points, values, true, new HashMap<>());
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      readings.add(new Reading(points.get(i), values.get(i).raw(), samples.get(i)));
    }
    return readings;
  }

  boolean good() {
    return sample.value() != null;
  }

  String title(boolean chinese) {
    return chinese ? point.title().zh() : point.title().en();
  }

  String unit() {
    return point.unit() == null || "1".equals(point.unit()) ? "" : point.unit();
  }

  String quality() {
    return good() ? sample.quality().toString() : sample.quality() + " " + sample.cause();
  }

  String rawText() {
    if (raw instanceof Raw.Whole w) {
      return String.valueOf(w.value());
    }
    if (raw instanceof Raw.Real r) {
      return String.valueOf(r.value());
    }
    if (raw instanceof Raw.Exact e) {
      return e.value().toPlainString();
    }
    return raw instanceof Raw.Text t ? t.value() : "";
  }

  String value(boolean chinese) {
    Value value = sample.value();
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
          .map(t -> s.code() + " " + (chinese ? t.zh() : t.en()))
          .orElse(String.valueOf(s.code()));
    }
    return value instanceof Value.Text t ? t.text() : "-";
  }

  /** Where the point is, as people say it: table and number on the wire, node, path. */
  String address() {
    PointAddress address = point.address();
    if (address instanceof PointAddress.Modbus m) {
      String bits = m.bits() == null ? "" : " bit " + m.bits().from() + "-" + m.bits().to();
      String vendor = m.vendor() == null ? "" : " (" + m.vendor() + ")";
      return word(m.table()) + " " + m.register() + " " + word(m.type()) + bits + vendor;
    }
    if (address instanceof PointAddress.OpcUa o) {
      return o.node();
    }
    PointAddress.Coap c = (PointAddress.Coap) address;
    return c.record() == null ? c.path() : c.path() + " " + c.record();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
