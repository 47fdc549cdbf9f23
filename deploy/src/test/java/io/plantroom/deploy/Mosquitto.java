package io.plantroom.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Debian's mosquitto with the rules that the README asks of a broker. */
final class Mosquitto implements AutoCloseable {
  private final Process process;
  private final int port;

  private Mosquitto(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static Mosquitto start(Path folder, Path certificates) throws IOException {
    int port = Ports.free();
    Files.createDirectories(folder);
    Path rules = folder.resolve("rules.acl");
    Files.writeString(
        rules,
        """
        pattern write plantroom/v1/%u/up/+
        pattern read plantroom/v1/%u/down/+
        user hub-1
        topic read plantroom/v1/+/up/+
        topic write plantroom/v1/+/down/+
        """);
    Path config = folder.resolve("mosquitto.conf");
    Files.writeString(
        config,
        """
        user root
        listener %d 127.0.0.1
        cafile %s
        certfile %s
        keyfile %s
        require_certificate true
        use_identity_as_username true
        allow_anonymous false
        acl_file %s
        """
            .formatted(
                port,
                certificates.resolve("ca.pem"),
                certificates.resolve("broker.pem"),
                certificates.resolve("broker.key"),
                rules));
    Process process =
        new ProcessBuilder(Programs.find("mosquitto"), "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("mosquitto.log").toFile())
            .start();
    Mosquitto broker = new Mosquitto(process, port);
    Awaitility.await("mosquitto listens, see " + folder)
        .atMost(Duration.ofSeconds(20))
        .until(() -> process.isAlive() && answers(port));
    return broker;
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
  }

  private static boolean answers(int port) {
    try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
