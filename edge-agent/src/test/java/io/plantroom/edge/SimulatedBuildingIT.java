package io.plantroom.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.health.ManagementServer;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.simulator.Options;
import io.plantroom.simulator.SimulatedBuilding;
import io.plantroom.simulator.coap.CoapBus;
import io.plantroom.simulator.device.PlayedDevice;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent at a whole building that speaks all protocols. */
class SimulatedBuildingIT {
  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // made before each test
  private SimulatedBuilding building;

  @SuppressWarnings("NullAway.Init") // made before each test
  private EdgeAgent agent;

  @BeforeEach
  void start() throws Exception {
    building = SimulatedBuilding.start(Options.shipped());
    StringBuilder yaml = new StringBuilder("gateway: gw-1\noutbox: { flush: 100ms }\ndevices:\n");
    for (PlayedDevice d : building.devices()) {
      long least = d.profile().limits().minPeriod().toMillis();
      yaml.append("  - key: ").append(d.key());
      yaml.append("\n    profile: ").append(d.profile().profile());
      yaml.append("\n    endpoint: \"").append(building.endpoint(d.key())).append('"');
      if ("coaps".equals(building.endpoint(d.key()).getScheme())) {
        yaml.append("\n    access: { identity: " + CoapBus.IDENTITY + ", key-file: sensors.key }");
      }
      yaml.append("\n    every: ").append(Math.max(1000, least)).append("ms\n");
    }
    Files.writeString(folder.resolve("sensors.key"), CoapBus.KEY);
    Path file = Files.writeString(folder.resolve("edge.yaml"), yaml);
    EdgeConfig config = EdgeConfig.load(file);
    assertThat(config.problems()).isEmpty();
    agent = new EdgeAgent(config, InstantSource.system(), e -> {});
    agent.start();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> agent.devices().stream().allMatch(DeviceStatus::online));
  }

  @AfterEach
  void stop() {
    agent.close();
    building.close();
  }

  private <T> List<T> kept(Lane lane, Class<T> type) {
    List<T> all = new ArrayList<>();
    for (RecordClass c : RecordClass.values()) {
      if (c.lane() == lane) {
        all.addAll(kept(agent.outbox(c), type));
      }
    }
    return all;
  }

  private static <T> List<T> kept(Outbox<?> outbox, Class<T> type) {
    List<T> all = new ArrayList<>();
    long next = 1;
    while (true) {
      Outbox.Batch<?> batch = outbox.peek(next, 500, 1 << 20);
      if (batch.records().isEmpty()) {
        return all;
      }
      batch.records().stream().filter(type::isInstance).map(type::cast).forEach(all::add);
      next = batch.lastSequence() + 1;
    }
  }

  private boolean alarmed(String device, String alarm, Event.Change change) {
    return kept(Lane.EVENTS, Event.AlarmChange.class).stream()
        .anyMatch(
            a -> a.device().equals(device) && a.alarm().equals(alarm) && a.change() == change);
  }

  @Test
  void everyPointOfEveryDeviceIsReadWellAndAlarmsComeAndGo() throws Exception {
    Set<String> wanted = new HashSet<>();
    building
        .devices()
        .forEach(
            d ->
                d.profile().points().stream()
                    .filter(p -> d.profile().simulation().signal(p.name()) != null)
                    .forEach(p -> wanted.add(d.key() + "/" + p.name())));
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              Set<String> good = new HashSet<>();
              for (Sample s : kept(Lane.TELEMETRY, Sample.class)) {
                if (s.quality() == Quality.GOOD) {
                  good.add(s.device() + "/" + s.point());
                }
              }
              assertThat(good).containsAll(wanted);
            });

    building.show("fire-panel-1", "fire", true);
    building.show("smoke-1", "fire", true);
    building.show("lift-1", "trapped", true);
    building.show("leak-1", "leak", true);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                alarmed("fire-panel-1", "fire", Event.Change.RAISED)
                    && alarmed("smoke-1", "fire", Event.Change.RAISED)
                    && alarmed("lift-1", "trapped", Event.Change.RAISED)
                    && alarmed("leak-1", "leak", Event.Change.RAISED));
    building.show("lift-1", "trapped", false);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> alarmed("lift-1", "trapped", Event.Change.CLEARED));
    managementTellsTheTruth();
  }

  private void managementTellsTheTruth() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      int port =
          ManagementServer.start(vertx, agent, new EdgeConfig.Management("127.0.0.1", 0))
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS)
              .actualPort();
      assertThat(get(port, "/health")).contains("\"status\":\"DEGRADED\"", "no uplink");
      assertThat(get(port, "/status")).contains("\"key\":\"lift-1\"", "\"online\":true");
      assertThat(get(port, "/metrics"))
          .contains("plantroom_edge_device_online{device=\"lift-1\"} 1.0");
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private static String get(int port, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }
}
