package io.plantroom.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Database, broker, simulated building, hub and gateway, each a process of its own but the embedded
 * database. What it writes stays below one folder and is taken up again by the next start.
 */
final class DemoSystem implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Options options;
  private final DemoFiles files;
  private final Part broker;
  private final Part building;
  private final Part hub;
  private final Part secondHub;
  private final Part agent;
  private final int brokerPort;
  private final int hubPort;
  private final int hubManagementPort;
  private final int agentPort;
  private int buildingPort;
  private @Nullable DemoDatabase database;

  /**
   * How to run.
   *
   * @param data where the system keeps its files
   * @param usualPorts take them if they are free, else any
   * @param otherBroker TLS port of a broker that runs already; 0 starts our own
   * @param agentsWay port by which the agent reaches the broker; 0 is the broker's own
   * @param twoHubs two hub processes on the one database
   * @param outside more devices for the agent; their programs end with the system
   */
  record Options(
      Home home,
      Path data,
      boolean timescale,
      boolean usualPorts,
      int otherBroker,
      int agentsWay,
      boolean twoHubs,
      List<Outside> outside) {

    /** One hub, and no devices but those of the building. */
    Options(
        Home home,
        Path data,
        boolean timescale,
        boolean usualPorts,
        int otherBroker,
        int agentsWay) {
      this(home, data, timescale, usualPorts, otherBroker, agentsWay, false, List.of());
    }
  }

  private DemoSystem(Options options, Consumer<String> say) throws IOException {
    this.options = options;
    Home home = options.home();
    files = new DemoFiles(options.data().toAbsolutePath().normalize());
    Leftover.endParts(files.run());
    brokerPort = options.otherBroker() == 0 ? port("broker", 8883, say) : options.otherBroker();
    hubPort = port("console", 8080, say);
    hubManagementPort = port("hub's management", 8081, say);
    agentPort = port("gateway's management", 8091, say);
    buildingPort = port("simulated building's API", 8092, say);
    Path certificates = files.certificates();
    Path data = files.data();
    broker =
        part(
            "broker",
            home.broker(),
            384,
            "--port",
            "" + brokerPort,
            "--data",
            data.resolve("broker").toString(),
            "--key-store",
            certificates.resolve("broker.p12").toString(),
            "--trust-store",
            certificates.resolve("trust.p12").toString(),
            "--password-file",
            certificates.resolve("store-password").toString());
    building =
        part(
            "building",
            home.simulators(),
            256,
            "--api-port",
            "" + buildingPort,
            "--state",
            data.resolve("simulator").toString(),
            "--edge-devices",
            files.edgeDevices().toString());
    hub = part("hub", home.cloudHub(), 384, "--config", data.resolve("hub/hub.yaml").toString());
    secondHub =
        part("hub-2", home.cloudHub(), 384, "--config", data.resolve("hub-2/hub.yaml").toString());
    agent =
        part(
            "agent",
            home.edgeAgent(),
            256,
            "run",
            "--config",
            data.resolve("agent/edge.yaml").toString());
  }

  /**
   * Starts everything and returns when all parts serve; ends what it has begun when one does not.
   */
  static DemoSystem start(Options options, Consumer<String> say) throws Exception {
    DemoSystem system = new DemoSystem(options, say);
    try {
      system.begin();
      return system;
    } catch (Exception e) {
      system.close();
      throw e;
    }
  }

  private void begin() throws Exception {
    files.prepare();
    DevelopmentCa.ensure(files.certificates(), DemoFiles.GATEWAY);
    if (options.otherBroker() == 0) {
      start(broker);
    }
    start(building);
    for (Outside other : options.outside()) {
      start(other.part());
    }
    Path data = files.data();
    DemoDatabase started =
        options.timescale()
            ? TimescaleDatabase.start(options.home().timescaleScript(), data.resolve("timescaledb"))
            : EmbeddedDatabase.start(data.resolve("database"));
    database = started;
    // Under the parts, so that it ends after all of them.
    running.addLast(started);
    files.hub(started, brokerPort, hubPort, hubManagementPort);
    start(hub);
    // The agent's list of devices is written by the building when its ports are known.
    building.awaitReady(START);
    for (Outside other : options.outside()) {
      other.part().awaitReady(START);
    }
    files.edge(
        options.agentsWay() == 0 ? brokerPort : options.agentsWay(), agentPort, options.outside());
    start(agent);
    if (options.otherBroker() == 0) {
      broker.awaitReady(START);
    }
    hub.awaitReady(START);
    if (options.twoHubs()) {
      // After the first, which makes the tables and the first account.
      files.hub("hub-2", "hub-2", started, brokerPort, 0, 0);
      start(secondHub);
      secondHub.awaitReady(START);
    }
    agent.awaitReady(START);
  }

  private void start(Part part) throws IOException {
    running.push(part);
    part.start();
  }

  Part broker() {
    return broker;
  }

  Part hub() {
    return hub;
  }

  /** All hub processes, the first first. */
  List<Part> hubs() {
    return options.twoHubs() ? List.of(hub, secondHub) : List.of(hub);
  }

  Part agent() {
    return agent;
  }

  /** Everything that shows devices to the agent. */
  List<Part> fields() {
    return Stream.concat(Stream.of(building), options.outside().stream().map(Outside::part))
        .toList();
  }

  Part simulatedBuilding() {
    return building;
  }

  DemoDatabase database() {
    return Objects.requireNonNull(database, "not started");
  }

  int brokerPort() {
    return brokerPort;
  }

  int hubPort() {
    return hubPort;
  }

  int agentPort() {
    return agentPort;
  }

  int buildingPort() {
    return buildingPort;
  }

  DemoFiles files() {
    return files;
  }

  BuildingClient building() {
    return new BuildingClient(buildingPort);
  }

  HubClient admin() throws IOException, InterruptedException {
    return HubClient.person(hubPort, "admin", Files.readString(files.adminPassword()).strip());
  }

  HubClient billing() throws IOException {
    return HubClient.service(hubPort, Files.readString(files.billingToken()).strip());
  }

  /** A part that has ended though nobody asked it to, in words; empty while all run. */
  String fallen() {
    for (AutoCloseable started : running) {
      if (started instanceof Part part && !part.alive()) {
        return "a part has ended, see " + part.log();
      }
    }
    return "";
  }

  private Part part(String name, Path jar, int megabytes, String... arguments) {
    return new Part(
        name, jar, Home.flags(megabytes), List.of(arguments), files.run(), files.logs());
  }

  private int port(String what, int usual, Consumer<String> say) throws IOException {
    return options.usualPorts() ? Ports.usualOrFree(what, usual, say) : Ports.free();
  }

  /** Ends all parts, the last started first; one that fails to end does not keep the others. */
  @Override
  public void close() throws IOException {
    IOException first = null;
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        first =
            first == null ? new IOException("a part did not stop: " + e.getMessage(), e) : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
