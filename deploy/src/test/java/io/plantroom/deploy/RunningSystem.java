package io.plantroom.deploy;

import java.nio.file.Path;

/** The shipped system on free ports, for tests. */
final class RunningSystem {
  /** Tests run in the module's folder. */
  static final Home HOME = new Home(Path.of(".."));

  private RunningSystem() {}

  static DemoSystem start(Path data) throws Exception {
    return start(data, 0);
  }

  static DemoSystem start(Path data, int otherBroker) throws Exception {
    return DemoSystem.start(
        new DemoSystem.Options(HOME, data, false, false, otherBroker, 0), System.out::println);
  }

  /** The agent reaches the broker through a relay. */
  static DemoSystem startBehind(Relay relay, Path data) throws Exception {
    DemoSystem system =
        DemoSystem.start(
            new DemoSystem.Options(HOME, data, false, false, 0, relay.port()), System.out::println);
    relay.leadTo(system.brokerPort());
    return system;
  }
}
