package io.plantroom.edge.driver.coap;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.SubscribingDriver;
import io.plantroom.profile.Limits;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Endpoint;
import org.jspecify.annotations.Nullable;

/** One device: a GET for each resource its points name, and an observation where it offers one. */
final class CoapDriver implements SubscribingDriver {
  private final Endpoint endpoint;
  private final String base;
  private final String device;
  private final Limits limits;
  private final InstantSource clock;
  private final List<Observation> observations = new ArrayList<>();
  private boolean senMl = true;

  CoapDriver(Endpoint endpoint, String base, String device, Limits limits, InstantSource clock) {
    this.endpoint = endpoint;
    this.base = base;
    this.device = device;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public List<RawValue> read(List<Point> points) throws DriverException {
    Map<String, List<Point>> byPath = new LinkedHashMap<>();
    for (Point p : points) {
      String path = address(p).path().replace("{device}", device);
      byPath.computeIfAbsent(path, k -> new ArrayList<>()).add(p);
    }
    Map<String, RawValue> values = new HashMap<>();
    boolean answered = false;
    boolean silent = false;
    for (Map.Entry<String, List<Point>> e : byPath.entrySet()) {
      Response answer = silent ? null : get(e.getKey());
      Instant at = clock.instant();
      if (answer != null) {
        answered = true;
        values(e.getValue(), answer, at).forEach(v -> values.put(v.point(), v));
      } else if (answered) {
        // It went silent in the middle: the rest would only cost its bus more time.
        silent = true;
        e.getValue().forEach(p -> values.put(p.name(), RawValue.bad(p.name(), at, Cause.TIMEOUT)));
      } else {
        throw new DriverException(
            Cause.TIMEOUT, "no answer from " + base + e.getKey() + " in " + limits.timeout());
      }
    }
    observations.forEach(Observation::renew);
    return points.stream().map(p -> Objects.requireNonNull(values.get(p.name()))).toList();
  }

  @Override
  public void subscribe(List<Point> points, Consumer<List<RawValue>> sink) {
    Map<String, List<Point>> byPath = new LinkedHashMap<>();
    for (Point p : points) {
      if (address(p).observe()) {
        byPath
            .computeIfAbsent(address(p).path().replace("{device}", device), k -> new ArrayList<>())
            .add(p);
      }
    }
    byPath.forEach(
        (path, observed) -> {
          Observation o =
              new Observation(
                  endpoint,
                  base + path,
                  answer -> sink.accept(values(observed, answer, clock.instant())));
          observations.add(o);
          o.renew();
        });
  }

  private @Nullable Response get(String path) throws DriverException {
    Response answer = send(path);
    if (answer != null && senMl && refusesFormat(answer)) {
      senMl = false;
      answer = send(path);
    }
    return answer;
  }

  private static boolean refusesFormat(Response answer) {
    return answer.getCode() == ResponseCode.NOT_ACCEPTABLE
        || answer.getCode() == ResponseCode.BAD_OPTION
        || answer.getCode() == ResponseCode.UNSUPPORTED_CONTENT_FORMAT;
  }

  private @Nullable Response send(String path) throws DriverException {
    Request request = Request.newGet();
    request.setURI(base + path);
    if (senMl) {
      request.getOptions().setAccept(MediaTypeRegistry.APPLICATION_SENML_JSON);
    }
    try {
      request.send(endpoint);
      Response answer = request.waitForResponse(limits.timeout().toMillis());
      if (answer == null) {
        request.cancel();
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      request.cancel();
      throw new DriverException(Cause.TIMEOUT, "interrupted", e);
    }
  }

  private static List<RawValue> values(List<Point> points, Response answer, Instant at) {
    if (!answer.getCode().isSuccess()) {
      Cause cause =
          answer.getCode() == ResponseCode.NOT_FOUND ? Cause.NOT_AVAILABLE : Cause.DEVICE_EXCEPTION;
      return points.stream().map(p -> RawValue.bad(p.name(), at, cause)).toList();
    }
    try {
      SenMl found = parse(answer);
      return points.stream().map(p -> value(p, found, at)).toList();
    } catch (SenMl.Unreadable e) {
      return points.stream().map(p -> RawValue.bad(p.name(), at, Cause.INVALID_REPLY)).toList();
    }
  }

  private static SenMl parse(Response answer) throws SenMl.Unreadable {
    int format = answer.getOptions().getContentFormat();
    if (format == MediaTypeRegistry.APPLICATION_SENML_JSON
        || format == MediaTypeRegistry.APPLICATION_JSON) {
      return SenMl.json(answer.getPayload());
    }
    if (format == MediaTypeRegistry.TEXT_PLAIN || format == MediaTypeRegistry.UNDEFINED) {
      return SenMl.text(new String(answer.getPayload(), StandardCharsets.UTF_8));
    }
    throw new SenMl.Unreadable("content format " + format);
  }

  private static RawValue value(Point point, SenMl found, Instant at) {
    Raw raw = found.find(address(point).record());
    return raw == null
        ? RawValue.bad(point.name(), at, Cause.INVALID_REPLY)
        : RawValue.good(point.name(), at, raw);
  }

  private static PointAddress.Coap address(Point point) {
    return Objects.requireNonNull(point.coap(), point.name());
  }

  @Override
  public void close() {
    // The endpoint is shared; the factory closes it.
    observations.forEach(Observation::close);
  }
}
