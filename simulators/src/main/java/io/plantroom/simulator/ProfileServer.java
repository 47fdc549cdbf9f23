package io.plantroom.simulator;

import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.device.Answering;
import io.plantroom.simulator.device.BusServer;
import io.plantroom.simulator.device.Device;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One device of any model that shows given values, for tests that read them back. Points without a
 * value are not served. Thread-safe.
 */
public final class ProfileServer implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int UNIT = 1;

  private final Given device;
  private final Vertx vertx = Vertx.vertx();
  private final BusServer server;

  private ProfileServer(Given device) throws IOException {
    this.device = device;
    try {
      this.server = Servers.open(vertx, device.profile().protocol(), HOST, 0, Map.of(UNIT, device));
    } catch (IOException e) {
      vertx.close().toCompletionStage().toCompletableFuture().join();
      throw e;
    }
  }

  /**
   * Serves on a free port of the loopback interface; Modbus devices are unit 1.
   *
   * @param device key that stands for {@code {device}} in paths and node ids
   * @param values by point
   * @throws NoSuchElementException when the profile has no such point
   */
  public static ProfileServer serve(Profile profile, String device, Map<String, Quantity> values)
      throws IOException {
    Given given = new Given(device, profile);
    values.forEach(given::set);
    return new ProfileServer(given);
  }

  /** What the agent is told to reach the device. */
  public URI endpoint() {
    return Servers.endpoint(device.profile().protocol(), HOST, server.port(), device.key(), UNIT);
  }

  /** Shows another value from now on; the point must have had one from the beginning. */
  public void set(String point, Quantity value) {
    device.set(point, value);
  }

  /** Treats callers so from now on. */
  public void answer(Answering answering) {
    device.answering = answering;
  }

  @Override
  public void close() {
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static final class Given implements Device {
    private final String key;
    private final Profile profile;
    private final Map<String, Quantity> values = new ConcurrentHashMap<>();
    private volatile Answering answering = Answering.PROMPT;

    Given(String key, Profile profile) {
      this.key = key;
      this.profile = profile;
    }

    void set(String point, Quantity value) {
      if (profile.point(point).isEmpty()) {
        throw new NoSuchElementException(
            "profile '" + profile.profile() + "' has no point '" + point + "'");
      }
      values.put(point, value);
    }

    @Override
    public String key() {
      return key;
    }

    @Override
    public Profile profile() {
      return profile;
    }

    @Override
    public Answering answering() {
      return answering;
    }

    @Override
    public Moment now() {
      Map<String, Quantity> moment = Map.copyOf(values);
      return (Point point) -> Optional.ofNullable(moment.get(point.name()));
    }
  }
}
