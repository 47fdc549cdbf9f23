package io.plantroom.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.simulator.Options;
import io.plantroom.simulator.SimulatedBuilding;
import io.plantroom.simulator.device.Write;
import io.plantroom.wire.Command;
import io.plantroom.wire.CommandReason;
import io.plantroom.wire.Event;
import io.plantroom.wire.Event.CommandOutcome;
import io.plantroom.wire.JsonWire;
import io.plantroom.yaml.YamlFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands at an agent that polls real Modbus, OPC UA and CoAP servers. */
class CommandsAtDevicesTest {
  private static final String BUILDING =
      """
      site: { zh: 试验楼, en: Test building }
      buses:
        modbus: { protocol: modbus, port: 0 }
        opc-ua: { protocol: opc-ua, port: 0 }
        coap: { protocol: coap, port: 0 }
      devices:
        - { key: vrf-1, profile: coolmasternet-vrf, bus: modbus, unit: 1, name: { zh: 多联机, en: VRF }, location: { zh: 机房, en: Plant room } }
        - { key: fire-1, profile: notifier-modbus-gw, bus: modbus, unit: 2, name: { zh: 消防, en: Fire }, location: { zh: 机房, en: Plant room } }
        - { key: ahu-1, profile: test-ahu, bus: opc-ua, name: { zh: 空调箱, en: AHU }, location: { zh: 机房, en: Plant room } }
        - { key: valve-1, profile: test-valve, bus: coap, name: { zh: 阀门, en: Valve }, location: { zh: 机房, en: Plant room } }
      """;

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // made before each test
  private SimulatedBuilding building;

  private @Nullable EdgeAgent agent;

  @BeforeEach
  void start() throws Exception {
    Path profiles = Files.createDirectories(folder.resolve("profiles"));
    for (String own : List.of("test-ahu.yaml", "test-valve.yaml")) {
      Files.copy(Path.of("src/test/resources/profiles", own), profiles.resolve(own));
    }
    building =
        SimulatedBuilding.start(
            Options.of(
                YamlFile.parse("building.yaml", BUILDING),
                ProfileCatalog.builtIn().withFolder(profiles).catalog()));
  }

  @AfterEach
  void stop() {
    if (agent != null) {
      agent.close();
    }
    building.close();
  }

  private Path file(String commands) throws Exception {
    StringBuilder devices = new StringBuilder();
    for (String key : List.of("vrf-1", "fire-1", "ahu-1", "valve-1")) {
      devices.append(
          "  - { key: %s, profile: %s, endpoint: \"%s\", every: 1s }\n"
              .formatted(key, building.device(key).profile().profile(), building.endpoint(key)));
    }
    return Files.writeString(
        folder.resolve("edge.yaml"),
        "gateway: gw-1\noutbox: { flush: 100ms }\nprofile-folders: [profiles]\n"
            + commands
            + "devices:\n"
            + devices);
  }

  private EdgeAgent run(String commands) throws Exception {
    EdgeAgent made = TestAgent.online(file(commands));
    agent = made;
    return made;
  }

  private static Event.CommandResult answer(
      EdgeAgent to, String device, String point, String value) {
    Command command =
        new Command(
            UUID.randomUUID(), device, point, value, Instant.now().plusSeconds(60), "li.engineer");
    to.command(JsonWire.encode(command));
    await().atMost(Duration.ofSeconds(60)).until(() -> !ends(to, command.id()).isEmpty());
    return ends(to, command.id()).get(0);
  }

  private static List<Event.CommandResult> ends(EdgeAgent of, UUID id) {
    return TestAgent.events(of, Event.CommandResult.class)
        .filter(r -> r.id().equals(id) && r.outcome() != CommandOutcome.ACCEPTED)
        .toList();
  }

  private static final String ALLOW =
      """
      commands:
        allow:
          - { device: vrf-1, points: [u1-on, u1-setpoint] }
          - { device: ahu-1, points: [setpoint, fan] }
          - { device: valve-1, points: [opening, "on"] }
      """;

  @Test
  void registersAndCoilsAreWrittenOverModbusAndReadBack() throws Exception {
    EdgeAgent running = run(ALLOW);

    Event.CommandResult setpoint = answer(running, "vrf-1", "u1-setpoint", "23.5");
    Event.CommandResult off = answer(running, "vrf-1", "u1-on", "0");

    assertThat(setpoint.outcome()).isEqualTo(CommandOutcome.DONE);
    assertThat(setpoint.value()).isEqualTo("23.5");
    assertThat(off.outcome()).isEqualTo(CommandOutcome.DONE);
    assertThat(building.device("vrf-1").writes())
        .extracting(Write::point)
        .containsExactly("u1-setpoint", "u1-on");
  }

  @Test
  void numbersAndStatesAreWrittenOverOpcUaInTheTypeOfTheirVariable() throws Exception {
    EdgeAgent running = run(ALLOW);

    Event.CommandResult setpoint = answer(running, "ahu-1", "setpoint", "22.5");
    Event.CommandResult fan = answer(running, "ahu-1", "fan", "0");

    assertThat(setpoint.outcome()).as("%s", setpoint).isEqualTo(CommandOutcome.DONE);
    assertThat(setpoint.value()).isEqualTo("22.5");
    assertThat(fan.outcome()).as("%s", fan).isEqualTo(CommandOutcome.DONE);
    assertThat(building.device("ahu-1").writes()).hasSize(2);
  }

  @Test
  void numbersAndStatesAreWrittenOverCoapInTheFormOfTheirResource() throws Exception {
    EdgeAgent running = run(ALLOW);

    Event.CommandResult opening = answer(running, "valve-1", "opening", "62.5");
    Event.CommandResult off = answer(running, "valve-1", "on", "0");
    Event.CommandResult temperature = answer(running, "valve-1", "temperature", "30");

    assertThat(opening.outcome()).as("%s", opening).isEqualTo(CommandOutcome.DONE);
    assertThat(opening.value()).isEqualTo("62.5");
    assertThat(off.outcome()).as("%s", off).isEqualTo(CommandOutcome.DONE);
    assertThat(temperature.reason()).isEqualTo(CommandReason.NOT_ALLOWED.key());
    assertThat(building.device("valve-1").writes())
        .extracting(Write::point)
        .containsExactly("opening", "on");
  }

  @Test
  void aCoapDeviceThatFallsSilentIsNotWrittenTo() throws Exception {
    EdgeAgent running = run(ALLOW);
    building.show("valve-1", "hang", true);

    Event.CommandResult end = answer(running, "valve-1", "opening", "62.5");

    assertThat(end.outcome()).as("%s", end).isEqualTo(CommandOutcome.FAILED);
    assertThat(end.reason()).isEqualTo(CommandReason.NO_CONNECTION.key());
    assertThat(building.device("valve-1").writes()).isEmpty();
  }

  @Test
  void aDeviceThatReportsAnErrorIsNotSetAndSaysWhy() throws Exception {
    EdgeAgent running = run(ALLOW);
    building.show("vrf-1", "exception", true);

    Event.CommandResult end = answer(running, "vrf-1", "u1-setpoint", "23.5");

    assertThat(end.outcome()).isEqualTo(CommandOutcome.FAILED);
    assertThat(end.reason()).isEqualTo(CommandReason.DEVICE_REFUSED.key());
    assertThat(building.device("vrf-1").writes()).isEmpty();
  }

  @Test
  void withoutAWordInTheConfigurationNothingIsEverWritten() throws Exception {
    EdgeAgent running = run("");

    Event.CommandResult end = answer(running, "vrf-1", "u1-setpoint", "23.5");

    assertThat(end.outcome()).isEqualTo(CommandOutcome.REFUSED);
    assertThat(end.reason()).isEqualTo(CommandReason.NOT_ALLOWED.key());
    assertThat(inventory(running)).allMatch(d -> d.writable() == null);
    assertThat(building.device("vrf-1").writes()).isEmpty();
  }

  @Test
  void theHubIsToldWhatMayBeWritten() throws Exception {
    EdgeAgent running = run(ALLOW);
    assertThat(inventory(running))
        .filteredOn(d -> d.key().equals("vrf-1"))
        .extracting(Event.Device::writable)
        .containsExactly(List.of("u1-on", "u1-setpoint"));
  }

  private static List<Event.Device> inventory(EdgeAgent of) {
    return TestAgent.events(of, Event.Inventory.class)
        .map(Event.Inventory::devices)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aConfigurationThatAllowsAFirePanelOrAReadOnlyPointIsNamedByLine() throws Exception {
    EdgeConfig config =
        EdgeConfig.load(
            file(
                """
            commands:
              allow:
                - { device: fire-1, points: [system-normal] }
                - { device: vrf-1, points: [u1-filter, u1-colour] }
            """));
    assertThat(config.problems())
        .hasSize(3)
        .anyMatch(p -> p.contains("edge.yaml:6: commands/allow/0/device: 'fire-1' is a fire panel"))
        .anyMatch(p -> p.contains("edge.yaml:7: commands/allow/1/points/0: profile"))
        .anyMatch(p -> p.contains("has no point 'u1-colour'"));
  }
}
