package io.plantroom.simulator;

import io.plantroom.profile.Profile;
import io.plantroom.profile.Protocol;
import io.plantroom.simulator.building.Building;
import io.plantroom.simulator.device.BusServer;
import io.plantroom.simulator.device.Device;
import io.plantroom.simulator.device.PlayedDevice;
import io.plantroom.simulator.tally.Ledger;
import io.plantroom.simulator.tally.TallyDevice;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A building that answers on all its buses until it is closed. Thread-safe. */
public final class SimulatedBuilding implements AutoCloseable {
  private final Options options;
  private final Instant since;
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, PlayedDevice> devices = new LinkedHashMap<>();
  private final Map<String, BusServer> buses = new LinkedHashMap<>();
  private @Nullable FaultApi api;
  private @Nullable Ledger ledger;

  private SimulatedBuilding(Options options, Instant since) {
    this.options = options;
    this.since = since;
  }

  /**
   * Starts all listeners; when this returns, everything answers. Blocks, so not for event loops.
   *
   * @throws IOException when a port is taken or the state folder cannot be used
   */
  public static SimulatedBuilding start(Options options) throws IOException {
    SimulatedBuilding building = new SimulatedBuilding(options, Beginning.of(options));
    try {
      building.open();
      return building;
    } catch (IOException | RuntimeException e) {
      building.close();
      throw e;
    }
  }

  private void open() throws IOException {
    if (options.ledger() != null) {
      ledger = Ledger.open(options.ledger());
    }
    for (Building.Entry entry : options.building().devices()) {
      String chance = entry.seed() == null ? entry.key() : entry.seed();
      devices.put(
          entry.key(),
          new PlayedDevice(
              entry.key(), profile(entry), options.seed(), chance, since, options.clock()));
    }
    // The first look adds up a month; it shall not happen while somebody waits for an answer.
    devices.values().parallelStream().forEach(d -> d.profile().points().forEach(d.now()::of));
    for (Map.Entry<String, Building.Bus> bus : options.building().buses().entrySet()) {
      buses.put(bus.getKey(), open(bus.getKey(), bus.getValue()));
    }
    api = FaultApi.listen(vertx, options.apiPort(), this);
  }

  private BusServer open(String name, Building.Bus bus) throws IOException {
    Map<Integer, Device> members = new LinkedHashMap<>();
    for (Building.Entry entry : options.building().devices()) {
      if (entry.bus().equals(name)) {
        members.put(entry.unit() == null ? -members.size() : entry.unit(), member(entry));
      }
    }
    try {
      return options.building().isSecure(name)
          ? Servers.secure(options.bind(), bus.port(), members)
          : Servers.open(vertx, bus.protocol(), options.bind(), bus.port(), members);
    } catch (IOException e) {
      throw new IOException(
          "bus '" + name + "', port " + bus.port() + ": cannot listen: " + e.getMessage(), e);
    }
  }

  private Device member(Building.Entry entry) throws IOException {
    PlayedDevice device = device(entry.key());
    if (!entry.tally()) {
      return device;
    }
    if (ledger == null) {
      throw new IOException(
          "device '" + entry.key() + "' is a tally: say by --ledger where it notes its answers");
    }
    return new TallyDevice(device, ledger, options.clock());
  }

  /** When the history of this building begins. */
  public Instant since() {
    return since;
  }

  /** Where a bus listens. */
  public int port(String bus) {
    return Optional.ofNullable(buses.get(bus))
        .orElseThrow(() -> new NoSuchElementException("no bus '" + bus + "'"))
        .port();
  }

  /** Real ports of all buses, by name. */
  public Map<String, Integer> ports() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    buses.forEach((name, server) -> ports.put(name, server.port()));
    return ports;
  }

  /** Where the fault API listens. */
  public int apiPort() {
    if (api == null) {
      throw new IllegalStateException("not started");
    }
    return api.port();
  }

  /** What a caller is told to reach this device. */
  public URI endpoint(String device) {
    Building.Entry entry = entry(device);
    Protocol protocol = profile(entry).protocol();
    int unit = entry.unit() == null ? 0 : entry.unit();
    String host = Servers.isAny(options.bind()) ? "127.0.0.1" : options.bind();
    URI plain = Servers.endpoint(protocol, host, port(entry.bus()), device, unit);
    return options.building().isSecure(entry.bus())
        ? URI.create(plain.toString().replaceFirst("coap:", "coaps:"))
        : plain;
  }

  /** All devices in the order of the file. */
  public List<PlayedDevice> devices() {
    return Collections.unmodifiableList(new ArrayList<>(devices.values()));
  }

  /**
   * One device.
   *
   * @throws NoSuchElementException when the building has none of that key
   */
  public PlayedDevice device(String key) {
    return Optional.ofNullable(devices.get(key))
        .orElseThrow(() -> new NoSuchElementException("no device '" + key + "'"));
  }

  /** Switches a fault on or off. */
  public void show(String device, String fault, boolean on) {
    if (on) {
      device(device).show(fault, null);
    } else {
      device(device).clear(fault);
    }
  }

  /** Switches a fault on for some time. */
  public void show(String device, String fault, Duration duration) {
    device(device).show(fault, duration);
  }

  /** What a billing counter showed at that time. */
  public BigDecimal register(String device, String point, Instant at) {
    return Optional.ofNullable(device(device).registers(at).get(point))
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "device '" + device + "' has no billing register '" + point + "'"));
  }

  Building building() {
    return options.building();
  }

  Building.Entry entry(String device) {
    return options.building().devices().stream()
        .filter(d -> d.key().equals(device))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no device '" + device + "'"));
  }

  private Profile profile(Building.Entry entry) {
    return options.catalog().find(entry.profile()).orElseThrow();
  }

  @Override
  public void close() {
    buses.values().forEach(BusServer::close);
    vertx.close().toCompletionStage().toCompletableFuture().join();
    if (ledger != null) {
      try {
        ledger.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
