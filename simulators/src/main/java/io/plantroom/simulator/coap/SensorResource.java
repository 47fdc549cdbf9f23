package io.plantroom.simulator.coap;

import io.plantroom.profile.Point;
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
  private final List<Point> points = new ArrayList<>();
  private byte[] told = {};
  private long toldAt = System.nanoTime();

  SensorResource(String name, Device device, ScheduledExecutorService timer) {
    super(name, false);
    this.device = device;
    this.timer = timer;
  }

  Device device() {
    return device;
  }

  /** Makes this resource say a point's value, by itself too when it is asked to. */
  void says(Point point) {
    points.add(point);
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
        device.answering() == Answering.EXCEPTION ? new byte[] {0} : Senml.cbor("", records());
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

  private void answer(CoapExchange exchange) {
    List<SenmlRecord> records = records();
    int format = exchange.getRequestOptions().getAccept();
    if (records.isEmpty()) {
      exchange.respond(ResponseCode.NOT_FOUND);
      return;
    }
    exchange.setMaxAge(MAX_AGE_SECONDS);
    String base = base();
    if (format == MediaTypeRegistry.TEXT_PLAIN && records.size() == 1) {
      exchange.respond(ResponseCode.CONTENT, records.get(0).text(), format);
    } else if (format == MediaTypeRegistry.APPLICATION_SENML_CBOR) {
      exchange.respond(ResponseCode.CONTENT, Senml.cbor(base, records), format);
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

  /** A resource's own name is not part of its base, an instance's is. */
  private String base() {
    return points.isEmpty() || points.get(0).coap() == null || isNamed()
        ? getURI() + "/"
        : getPath();
  }

  private boolean isNamed() {
    return points.stream().anyMatch(p -> p.coap() != null && p.coap().record() != null);
  }

  private List<SenmlRecord> records() {
    Device.Moment moment = device.now();
    List<SenmlRecord> records = new ArrayList<>();
    collect(moment, "", records);
    return records;
  }

  private void collect(Device.Moment moment, String below, List<SenmlRecord> records) {
    for (Point point : points) {
      String record = point.coap() == null ? null : point.coap().record();
      String name = record == null ? (below.isEmpty() ? getName() : below) : slash(below, record);
      moment
          .of(point)
          .filter(q -> SenmlRecord.canSay(point, q))
          .ifPresent(q -> records.add(SenmlRecord.of(name, point, q)));
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
    return before.isEmpty() ? name : before + "/" + name;
  }
}
