package io.plantroom.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Picks ports on the loopback address. */
final class Ports {
  private static final int LOWEST = 15_000;
  private static final int HIGHEST = 32_000;
  private static final int ATTEMPTS = 100;

  private Ports() {}

  /** The usual port if it is free, else another one, which is then said. */
  static int usualOrFree(String what, int usual, Consumer<String> say) throws IOException {
    try (ServerSocket probe = new ServerSocket(usual, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException taken) {
      int port = free();
      say.accept("port " + usual + " is taken, so the " + what + " uses " + port);
      return port;
    }
  }

  /**
   * A free port below those from which the kernel takes the ports of outgoing connections: while a
   * server is down, a client that tries again and again could otherwise take, or meet, its port.
   */
  static int free() throws IOException {
    IOException last = new IOException("no free port on the loopback address");
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw last;
  }
}
