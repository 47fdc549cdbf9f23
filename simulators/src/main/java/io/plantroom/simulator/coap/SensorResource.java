package io.plantroom.simulator.coap;

import io.plantroom.profile.Point;
import io.plantroom.profile.Raw;
import io.plantroom.simulator.device.Answering;
import io.plantroom.simulator.device.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.jspecify.annotations.Nullable;

/**
 * A segment of a sensor's paths. A resource answers with its value; an object instance, an object
 * and the device with all values below it.
 */
final class SensorResource extends CoapResource {
  private static final int MAX_AGE_SECONDS = 30;

  /** Told again by then, so that an observer's copy never goes stale on a living device. */
  private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(MAX_AGE_SECONDS - 5);

  private final Device device;
  private final ScheduledExecutorService timer;
  private final boolean cborOnly;
  private final List<Value> values = new ArrayList<>();
  private byte[] told = {};
  private long toldAt = System.nanoTime();

  SensorResource(String name, Device device, ScheduledExecutorService timer, boolean cborOnly) {
    super(name, false);
    this.device = device;
    this.timer = timer;
    this.cborOnly = cborOnly;
  }

  Device device() {
    return device;
  }

  /**
   * Makes this resource say a point's value, by itself too when it is asked to.
   *
   * @param record its name among several; null when the resource is the value
   */
  void says(Point point, @Nullable String record) {
    values.add(new Value(point, record == null ? "" : record));
    setVisible(true);
    setObservable(true);
    getAttributes().setObservable();
    if (!getAttributes().containsAttribute("ct")) {
      getAttributes()
          .addContentTypes(
              MediaTypeRegistry.APPLICATION_SENML_JSON,
              MediaTypeRegistry.APPLICATION_SENML_CBOR,
              MediaTypeRegistry.TEXT_PLAIN);
    }
    getAttributes().addResourceType(point.name());
  }

  /** To be called again and again: tells observers what they do not know yet. */
  void look() {
    if (getObserverCount() == 0 || device.answering() == Answering.HANG) {
      return;
    }
    byte[] now =
        device.answering() == Answering.EXCEPTION
            ? new byte[] {0}
            : Senml.cbor("", records(device.now()));
    if (!Arrays.equals(now, told) || System.nanoTime() - toldAt > REPEAT_NANOS) {
      told = now;
      toldAt = System.nanoTime();
      changed();
    }
  }

  @Override
  public void handleGET(CoapExchange exchange) {
    switch (device.answering()) {
      case PROMPT -> answer(exchange);
      case SLOW -> {
        exchange.accept();
        ScheduledFuture<?> unused =
            timer.schedule(() -> answer(exchange), Answering.SLOW_MILLIS, TimeUnit.MILLISECONDS);
      }
      case EXCEPTION -> exchange.respond(ResponseCode.INTERNAL_SERVER_ERROR);
      case HANG -> exchange.accept();
    }
  }

  /** Sets the point whose value this resource is, as plain text or SenML JSON. */
  @Override
  public void handlePUT(CoapExchange exchange) {
    switch (device.answering()) {
      case PROMPT, SLOW -> exchange.respond(set(exchange));
      case EXCEPTION -> exchange.respond(ResponseCode.INTERNAL_SERVER_ERROR);
      case HANG -> exchange.accept();
    }
  }

  private ResponseCode set(CoapExchange exchange) {
    if (!isValue() || values.size() != 1) {
      return ResponseCode.METHOD_NOT_ALLOWED;
    }
    Raw raw;
    try {
      raw =
          switch (exchange.getRequestOptions().getContentFormat()) {
            case MediaTypeRegistry.TEXT_PLAIN -> Senml.number(exchange.getRequestText());
            case MediaTypeRegistry.APPLICATION_SENML_JSON ->
                Senml.value(exchange.getRequestText(), getPath() + getName());
            default -> null;
          };
    } catch (RuntimeException e) {
      return ResponseCode.BAD_REQUEST;
    }
    if (raw == null) {
      return ResponseCode.UNSUPPORTED_CONTENT_FORMAT;
    }
    Point point = values.get(0).point();
    return device.set(point, point.quantity(raw))
        ? ResponseCode.CHANGED
        : ResponseCode.METHOD_NOT_ALLOWED;
  }

  private void answer(CoapExchange exchange) {
    List<SenmlRecord> records = records(device.asked());
    int format = exchange.getRequestOptions().getAccept();
    if (records.isEmpty()) {
      exchange.respond(ResponseCode.NOT_FOUND);
      return;
    }
    exchange.setMaxAge(MAX_AGE_SECONDS);
    String base = base();
    boolean cbor = format == MediaTypeRegistry.APPLICATION_SENML_CBOR;
    if (cborOnly && !cbor && format != MediaTypeRegistry.UNDEFINED) {
      exchange.respond(ResponseCode.NOT_ACCEPTABLE);
    } else if (!cborOnly && format == MediaTypeRegistry.TEXT_PLAIN && records.size() == 1) {
      exchange.respond(ResponseCode.CONTENT, records.get(0).text(), format);
    } else if (cbor || cborOnly) {
      exchange.respond(
          ResponseCode.CONTENT,
          Senml.cbor(base, records),
          MediaTypeRegistry.APPLICATION_SENML_CBOR);
    } else if (format == MediaTypeRegistry.UNDEFINED
        || format == MediaTypeRegistry.APPLICATION_SENML_JSON) {
      exchange.respond(
          ResponseCode.CONTENT,
          Senml.json(base, records),
          MediaTypeRegistry.APPLICATION_SENML_JSON);
    } else {
      exchange.respond(ResponseCode.NOT_ACCEPTABLE);
    }
  }

  /** A resource that is a value names itself, below its parent; others name what is in them. */
  private String base() {
    return isValue() ? getPath() : getURI() + "/";
  }

  private boolean isValue() {
    return !values.isEmpty() && values.stream().allMatch(v -> v.name().isEmpty());
  }

  private List<SenmlRecord> records(Device.Moment moment) {
    List<SenmlRecord> records = new ArrayList<>();
    collect(moment, "", records);
    return records;
  }

  private void collect(Device.Moment moment, String below, List<SenmlRecord> records) {
    for (Value value : values) {
      String path = slash(below, value.name());
      String name = path.isEmpty() ? getName() : path;
      moment
          .of(value.point())
          .filter(q -> SenmlRecord.canSay(value.point(), q))
          .ifPresent(q -> records.add(SenmlRecord.of(name, value.point(), q)));
    }
    getChildren().stream()
        .map(Resource::getName)
        .sorted()
        .map(this::getChild)
        .forEach(
            child ->
                ((SensorResource) child).collect(moment, slash(below, child.getName()), records));
  }

  private static String slash(String before, String name) {
    return before.isEmpty() || name.isEmpty() ? before + name : before + "/" + name;
  }

  /** A point and its name within this resource, empty when it has none. */
  private record Value(Point point, String name) {}
}
