package io.plantroom.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A built checkout: where the shipped jars of the parts are. */
record Home(Path root) {

  Home {
    root = root.toAbsolutePath().normalize();
  }

  Path edgeAgent() throws IOException {
    return built("edge-agent/target/edge-agent.jar");
  }

  Path cloudHub() throws IOException {
    return built("cloud-hub/target/cloud-hub.jar");
  }

  Path simulators() throws IOException {
    return built("simulators/target/simulators.jar");
  }

  Path broker() throws IOException {
    return built("deploy/demo-broker/target/demo-broker.jar");
  }

  Path timescaleScript() {
    return root.resolve("deploy/timescaledb/timescaledb");
  }

  private Path built(String jar) throws IOException {
    Path path = root.resolve(jar);
    if (!Files.exists(path)) {
      throw new IOException(path + " is not built yet; run ./mvnw -DskipTests package");
    }
    return path;
  }

  /**
   * Keeps JDK 25 quiet about what Chronicle and Netty do; JDK 17 overlooks what it does not know.
   */
  static List<String> flags(int megabytes) {
    return List.of(
        "-Xmx" + megabytes + "m",
        "-XX:+UseSerialGC",
        "-XX:+IgnoreUnrecognizedVMOptions",
        "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED",
        "-Dchronicle.analytics.disable=true");
  }
}
