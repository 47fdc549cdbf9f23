package io.plantroom.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.simulator.Options;
import io.plantroom.simulator.SimulatedBuilding;
import io.plantroom.wire.DesiredConfiguration;
import io.plantroom.wire.Event;
import io.plantroom.wire.Event.ConfigurationOutcome;
import io.plantroom.wire.JsonWire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the hub desires, at an agent that polls real servers. */
class DesiredConfigurationTest {
  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // made before each test
  private SimulatedBuilding building;

  private String meter = "";
  private @Nullable EdgeAgent agent;
  private long revision;

  @BeforeEach
  void start() throws Exception {
    building = SimulatedBuilding.start(Options.shipped());
    meter =
        building.devices().stream()
            .filter(d -> d.profile().profile().equals("eastron-sdm630"))
            .findFirst()
            .orElseThrow()
            .key();
    write("");
  }

  @AfterEach
  void stop() {
    if (agent != null) {
      agent.close();
    }
    building.close();
  }

  private void write(String more) throws IOException {
    Files.writeString(
        folder.resolve("edge.yaml"),
        "gateway: gw-1\noutbox: { flush: 100ms }\n"
            + more
            + "devices:\n"
            + entry("own", building.endpoint(meter).toString()));
  }

  private static String entry(String key, String endpoint) {
    return """
      - key: %s
        profile: eastron-sdm630
        endpoint: "%s"
        every: 1s
    """
        .formatted(key, endpoint);
  }

  private EdgeAgent run() throws Exception {
    EdgeAgent made = TestAgent.online(folder.resolve("edge.yaml"));
    agent = made;
    return made;
  }

  private DesiredConfiguration desire(EdgeAgent to, String text) {
    DesiredConfiguration desired = DesiredConfiguration.of(++revision, text);
    to.desire(JsonWire.encode(desired));
    return desired;
  }

  private Event.ConfigurationReport report(EdgeAgent of, DesiredConfiguration desired) {
    await().atMost(Duration.ofSeconds(60)).until(() -> reports(of, desired).isPresent());
    return reports(of, desired).orElseThrow();
  }

  private static Optional<Event.ConfigurationReport> reports(
      EdgeAgent of, DesiredConfiguration desired) {
    return TestAgent.events(of, Event.ConfigurationReport.class)
        .filter(r -> r.revision() == desired.revision())
        .findFirst();
  }

  private static DeviceStatus device(EdgeAgent of, String key) {
    return of.devices().stream()
        .filter(d -> d.device().key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> keys(EdgeAgent of) {
    return of.devices().stream().map(d -> d.device().key()).toList();
  }

  /** The same server under a host name of its own, so that it is a bus of its own. */
  private String other() {
    return building.endpoint(meter).toString().replace("127.0.0.1", "localhost");
  }

  private static String nobody() {
    return "modbus-tcp://127.0.0.2:1?unit=1";
  }

  @Test
  void aDeviceIsAddedWhileTheOthersGoOnAndIsStillThereAfterARestart() throws Exception {
    EdgeAgent running = run();
    long epoch = running.outbox(RecordClass.TELEMETRY).epoch();
    long misses = device(running, "own").misses();

    DesiredConfiguration desired = desire(running, "devices:\n" + entry("more", other()));

    Event.ConfigurationReport report = report(running, desired);
    assertThat(report.outcome()).isEqualTo(ConfigurationOutcome.APPLIED);
    assertThat(report.running()).isEqualTo(desired.version());
    assertThat(keys(running)).containsExactly("own", "more");
    assertThat(device(running, "own").misses()).isEqualTo(misses);
    assertThat(links(running, "own")).isEqualTo(1);
    await().until(() -> inventories(running).contains(List.of("own", "more")));
    long last = running.outbox(RecordClass.TELEMETRY).lastSequence();
    running.close();

    EdgeAgent again = run();
    assertThat(keys(again)).containsExactly("own", "more");
    assertThat(again.outbox(RecordClass.TELEMETRY).epoch()).isEqualTo(epoch);
    assertThat(again.outbox(RecordClass.TELEMETRY).lastSequence()).isGreaterThanOrEqualTo(last);
    again.desire(JsonWire.encode(desired)); // The broker retains it: nothing new.
    DesiredConfiguration without = desire(again, "without: [own]\ndevices: []\n");
    assertThat(report(again, without).outcome()).isEqualTo(ConfigurationOutcome.APPLIED);
    assertThat(keys(again)).isEmpty();
    assertThat(reportsOf(again, desired)).isEqualTo(1);
  }

  private static long reportsOf(EdgeAgent of, DesiredConfiguration desired) {
    return TestAgent.events(of, Event.ConfigurationReport.class)
        .filter(r -> r.revision() == desired.revision())
        .count();
  }

  private static long links(EdgeAgent of, String device) {
    return TestAgent.events(of, Event.LinkChange.class)
        .filter(l -> l.device().equals(device))
        .count();
  }

  private static List<List<String>> inventories(EdgeAgent of) {
    return TestAgent.events(of, Event.Inventory.class)
        .map(e -> e.devices().stream().map(Event.Device::key).toList())
        .toList();
  }

  @Test
  void aChangeAfterWhichNothingThatWasChangedAnswersIsTakenBack() throws Exception {
    write("desired: { probation: 3s }\n");
    EdgeAgent running = run();

    DesiredConfiguration desired = desire(running, "devices:\n" + entry("own", nobody()));

    Event.ConfigurationReport report = report(running, desired);
    assertThat(report.outcome()).isEqualTo(ConfigurationOutcome.ROLLED_BACK);
    assertThat(report.problems()).singleElement().asString().startsWith("own: ");
    assertThat(report.running()).isNull();
    await().until(() -> device(running, "own").online());
    assertThat(device(running, "own").device().endpoint()).isEqualTo(building.endpoint(meter));
  }

  @Test
  void aNewDeviceMayBeSilentAndIsNamed() throws Exception {
    write("desired: { probation: 2s }\n");
    EdgeAgent running = run();

    DesiredConfiguration desired = desire(running, "devices:\n" + entry("not-wired", nobody()));

    Event.ConfigurationReport report = report(running, desired);
    assertThat(report.outcome()).isEqualTo(ConfigurationOutcome.APPLIED);
    assertThat(report.problems()).singleElement().asString().startsWith("not-wired: ");
  }

  @Test
  void aTextWithAMistakeChangesNothingAndIsNamedByLine() throws Exception {
    EdgeAgent running = run();

    DesiredConfiguration desired =
        desire(running, "devices:\n" + entry("good", other()) + entry("Bad Key", other()));

    Event.ConfigurationReport report = report(running, desired);
    assertThat(report.outcome()).isEqualTo(ConfigurationOutcome.INVALID);
    assertThat(report.problems())
        .singleElement()
        .asString()
        .matches("desired-[0-9a-f]{12}\\.yaml:6: devices/1/key: expected .*");
    assertThat(keys(running)).containsExactly("own");
  }

  @Test
  void aGatewayThatTakesNoConfigurationSaysSo() throws Exception {
    write("desired: { accept: false }\n");
    EdgeAgent running = run();

    DesiredConfiguration desired = desire(running, "without: [own]\n");

    assertThat(report(running, desired).outcome()).isEqualTo(ConfigurationOutcome.REFUSED);
    assertThat(keys(running)).containsExactly("own");
  }

  @Test
  void aTrialThatEndedTheAgentTwiceIsNotTriedAgain() throws Exception {
    write("desired: { probation: 1h }\n");
    DesiredConfiguration desired =
        DesiredConfiguration.of(++revision, "devices:\n" + entry("own", nobody()));
    for (int i = 0; i < 2; i++) {
      EdgeAgent running = run();
      running.desire(JsonWire.encode(desired));
      await().until(() -> running.desired().trying() != null);
      running.close();
      agent = null;
    }

    EdgeAgent third = run();
    third.desire(JsonWire.encode(desired));

    assertThat(report(third, desired).outcome()).isEqualTo(ConfigurationOutcome.ROLLED_BACK);
    assertThat(device(third, "own").online()).isTrue();
  }
}
