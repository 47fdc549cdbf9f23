package io.plantroom.edge.driver.coap;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.SubscribingDriver;
import io.plantroom.edge.driver.WritingDriver;
import io.plantroom.profile.Limits;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.stack.ReliabilityLayerParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device: an observation for each resource that its model says it can tell, a GET for the
 * others. What was told is not asked for as long as the device promised that it holds (Max-Age);
 * for a battery that is the difference between a month and years.
 */
final class CoapDriver implements SubscribingDriver, WritingDriver {
  private static final Logger LOGGER = LoggerFactory.getLogger(CoapDriver.class);

  private static final int[] FORMATS = {
    MediaTypeRegistry.APPLICATION_SENML_JSON,
    MediaTypeRegistry.APPLICATION_SENML_CBOR,
    MediaTypeRegistry.UNDEFINED
  };

  /** Longer than anybody waits for an answer beyond the device's own timeout. */
  private static final Duration NEVER = Duration.ofMinutes(2);

  private final CoapPeer peer;
  private final String device;
  private final Limits limits;
  private final InstantSource clock;
  private final Map<String, Observation> observations = new LinkedHashMap<>();
  private final Map<String, RawValue> told = new ConcurrentHashMap<>();
  private final Set<String> observed = new HashSet<>();

  /** By path, what was asked for last to be written next, for the form of the new value. */
  private final Map<String, Response> shown = new HashMap<>();

  /** What cannot be read, so that each is said once. */
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

  /** Which of the formats is asked for: the first that the device does not refuse. */
  private final AtomicInteger format = new AtomicInteger();

  CoapDriver(CoapPeer peer, String device, Limits limits, InstantSource clock) {
    this.peer = peer;
    this.device = device;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public List<RawValue> read(List<Point> points) throws DriverException {
    peer.ready();
    Map<String, RawValue> values = new HashMap<>();
    Map<String, List<Point>> byPath = new LinkedHashMap<>();
    boolean answered = false;
    for (Point p : points) {
      Observation observation = address(p).observe() ? observations.get(path(p)) : null;
      RawValue last = told.get(p.name());
      if (observation != null && last != null && observation.isFresh()) {
        values.put(p.name(), last);
        answered = true;
      } else {
        byPath.computeIfAbsent(path(p), k -> new ArrayList<>()).add(p);
      }
    }
    ask(byPath, values, answered);
    observations.values().forEach(Observation::renew);
    return points.stream().map(p -> Objects.requireNonNull(values.get(p.name()))).toList();
  }

  /** All that was told, if that is all that is wanted and all of it still holds. */
  @Override
  public @Nullable List<RawValue> known(List<Point> points) {
    List<RawValue> values = new ArrayList<>(points.size());
    for (Point p : points) {
      RawValue last = observed.contains(p.name()) ? told.get(p.name()) : null;
      if (last == null) {
        return null;
      }
      values.add(last);
    }
    // One that has run out is to be renewed, which only a read does.
    return observations.values().stream().allMatch(Observation::isFresh) ? values : null;
  }

  private void ask(
      Map<String, List<Point>> byPath, Map<String, RawValue> values, boolean toldOthers)
      throws DriverException {
    boolean answered = toldOthers;
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
        boolean stale = e.getValue().stream().anyMatch(p -> told.containsKey(p.name()));
        throw new DriverException(
            stale ? Cause.STALE : Cause.TIMEOUT,
            peer.uri(e.getKey()) + " 在 " + limits.timeout().toMillis() + " ms 内无应答",
            "no answer from " + peer.uri(e.getKey()) + " in " + limits.timeout());
      }
    }
  }

  @Override
  public void subscribe(List<Point> points, Consumer<List<RawValue>> sink) {
    Map<String, List<Point>> byPath = new LinkedHashMap<>();
    points.stream()
        .filter(p -> address(p).observe() && observed.add(p.name()))
        .forEach(p -> byPath.computeIfAbsent(path(p), k -> new ArrayList<>()).add(p));
    byPath.forEach(
        (path, observed) ->
            observations.put(
                path,
                new Observation(
                    peer,
                    path,
                    () -> FORMATS[format.get()],
                    answer -> heard(observed, answer, sink))));
    try {
      peer.ready();
      observations.values().forEach(Observation::renew);
    } catch (DriverException e) {
      // The first read says so, where it is told to people.
    }
  }

  private void heard(List<Point> points, Response answer, Consumer<List<RawValue>> sink) {
    if (refusesFormat(answer)) {
      int refused = format.get();
      if (refused + 1 < FORMATS.length) {
        format.compareAndSet(refused, refused + 1);
        return; // the next read asks in another format
      }
    }
    List<RawValue> values = values(points, answer, clock.instant());
    values.forEach(v -> told.put(v.point(), v));
    sink.accept(values);
  }

  private @Nullable Response get(String path) throws DriverException {
    Response answer = send(path);
    while (answer != null && refusesFormat(answer) && format.get() + 1 < FORMATS.length) {
      format.incrementAndGet();
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
    request.setURI(peer.uri(path));
    if (FORMATS[format.get()] != MediaTypeRegistry.UNDEFINED) {
      request.getOptions().setAccept(FORMATS[format.get()]);
    }
    return peer.ask(request, limits.timeout());
  }

  /** The resource itself, also where it is observed. */
  @Override
  public RawValue fresh(Point point) throws DriverException {
    peer.ready();
    Response answer = answer(point);
    return values(List.of(point), answer, clock.instant()).get(0);
  }

  private Response answer(Point point) throws DriverException {
    Response answer = get(path(point));
    if (answer == null) {
      throw silent();
    }
    if (answer.getCode().isSuccess()) {
      shown.put(path(point), answer);
    }
    return answer;
  }

  /** In the form in which the resource shows itself, and in one datagram that is not repeated. */
  @Override
  public void write(Point point, Raw value) throws DriverException {
    peer.ready();
    String path = path(point);
    if (!shown.containsKey(path)) {
      refuse(path, answer(point));
    }
    NewValue wanted = NewValue.of(point, path, value, Objects.requireNonNull(shown.remove(path)));
    Request request = Request.newPut();
    request.setURI(peer.uri(path));
    if (wanted.format() != MediaTypeRegistry.UNDEFINED) {
      request.getOptions().setContentFormat(wanted.format());
    }
    request.setPayload(wanted.payload());
    request.setReliabilityLayerParameters(once());
    Response answer = peer.ask(request, limits.timeout());
    if (answer == null) {
      throw silent();
    }
    refuse(path, answer);
  }

  /**
   * The library repeats what was not confirmed. A device should know a repeated message by its
   * number, but may forget it where repeating does no harm by the protocol's rules; here it could
   * undo what somebody set in between. So the first repetition would come long after nobody waits.
   */
  private ReliabilityLayerParameters once() {
    return ReliabilityLayerParameters.builder()
        .applyConfig(peer.endpoint().getConfig())
        .ackTimeout((int) limits.timeout().plus(NEVER).toMillis())
        .maxAckTimeout((int) limits.timeout().plus(NEVER).multipliedBy(2).toMillis())
        .build();
  }

  private DriverException silent() {
    return new DriverException(
        Cause.TIMEOUT,
        limits.timeout().toMillis() + " ms 内无应答",
        "no answer in " + limits.timeout());
  }

  private static void refuse(String path, Response answer) throws DriverException {
    if (!answer.getCode().isSuccess()) {
      throw new DriverException(
          Cause.DEVICE_EXCEPTION,
          (path + ": " + answer.getCode() + " " + answer.getPayloadString()).strip());
    }
  }

  private List<RawValue> values(List<Point> points, Response answer, Instant at) {
    if (!answer.getCode().isSuccess()) {
      Cause cause =
          answer.getCode() == ResponseCode.NOT_FOUND ? Cause.NOT_AVAILABLE : Cause.DEVICE_EXCEPTION;
      return points.stream().map(p -> RawValue.bad(p.name(), at, cause)).toList();
    }
    try {
      Told found = Told.of(answer.getOptions().getContentFormat(), answer.getPayload());
      return points.stream().map(p -> value(p, found, at)).toList();
    } catch (Told.Unreadable e) {
      return points.stream().map(p -> unreadable(p, e, at)).toList();
    }
  }

  private RawValue value(Point point, Told found, Instant at) {
    try {
      Raw raw = found.find(address(point).record(), point.kind(), address(point).type());
      return raw == null
          ? RawValue.bad(point.name(), at, Cause.INVALID_REPLY)
          : RawValue.good(point.name(), at, raw);
    } catch (Told.Unreadable e) {
      return unreadable(point, e, at);
    }
  }

  private RawValue unreadable(Point point, Told.Unreadable e, Instant at) {
    if (unreadable.add(point.name())) {
      LOGGER
          .atWarn()
          .addKeyValue("device", device)
          .addKeyValue("point", point.name())
          .addKeyValue("error", e.getMessage())
          .log("answer cannot be read");
    }
    return RawValue.bad(point.name(), at, Cause.INVALID_REPLY);
  }

  private String path(Point point) {
    return address(point).path().replace("{device}", device);
  }

  private static PointAddress.Coap address(Point point) {
    return Objects.requireNonNull(point.coap(), point.name());
  }

  @Override
  public void close() {
    // The endpoint is shared; the factory closes it.
    observations.values().forEach(Observation::close);
  }
}
