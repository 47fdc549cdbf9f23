package io.plantroom.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The shipped system on free ports, for tests. */
final class RunningSystem {
  /** Tests run in the module's folder. */
  static final Home HOME = new Home(Path.of(".."));

  private static final Path TALLY = Path.of("src/test/resources/tally").toAbsolutePath();

  private RunningSystem() {}

  /** As people see it in the demo: nothing but the building. */
  static DemoSystem demo(Path data) throws Exception {
    return start(data, 0);
  }

  /** As {@link #demo}, on a broker that runs already. */
  static DemoSystem start(Path data, int otherBroker) throws Exception {
    return DemoSystem.start(
        new DemoSystem.Options(HOME, data, false, false, otherBroker, 0), System.out::println);
  }

  /** With tally devices, so that {@link Books} compares every value. */
  static DemoSystem start(Path data) throws Exception {
    return start(data, 0, false);
  }

  /** As {@link #start(Path)}; the agent reaches the broker through a relay. */
  static DemoSystem startBehind(Relay relay, Path data) throws Exception {
    return lead(relay, start(data, relay.port(), false));
  }

  /** As {@link #startBehind}, with two hubs on the one database. */
  static DemoSystem startTwoHubs(Relay relay, Path data) throws Exception {
    return lead(relay, start(data, relay.port(), true));
  }

  private static DemoSystem start(Path data, int agentsWay, boolean twoHubs) throws Exception {
    return DemoSystem.start(
        new DemoSystem.Options(
            HOME, data, false, false, 0, agentsWay, twoHubs, List.of(tallies(data))),
        System.out::println);
  }

  private static DemoSystem lead(Relay relay, DemoSystem system) {
    relay.leadTo(system.brokerPort());
    return system;
  }

  /** Where the tally devices of a system note what they answer. */
  static Path ledger(DemoFiles files) {
    return files.data().resolve("tally/ledger");
  }

  /** Eight devices, over three protocols, in a process of their own. */
  private static Outside tallies(Path data) throws IOException {
    DemoFiles files = new DemoFiles(data.toAbsolutePath().normalize());
    Path ledger = ledger(files);
    Files.createDirectories(ledger.getParent());
    Path devices = ledger.resolveSibling("devices.yaml");
    Path profiles = TALLY.resolve("profiles");
    Part part =
        new Part(
            "tally",
            HOME.simulators(),
            Home.flags(128),
            List.of(
                "--building",
                TALLY.resolve("building.yaml").toString(),
                "--profiles",
                profiles.toString(),
                "--ledger",
                ledger.toString(),
                "--edge-devices",
                devices.toString()),
            files.run(),
            files.logs());
    return new Outside(part, devices, profiles);
  }
}
