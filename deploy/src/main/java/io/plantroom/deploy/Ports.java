package io.plantroom.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.function.Consumer;

/** Picks ports on the loopback address. */
final class Ports {
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

  static int free() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
