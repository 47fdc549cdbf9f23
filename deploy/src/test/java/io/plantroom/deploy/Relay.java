package io.plantroom.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network between two programs that can be cut: bytes go on, get stuck, or connections break. */
final class Relay implements AutoCloseable {
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile int target;
  private volatile boolean stuck;

  private Relay(ServerSocket server) {
    this.server = server;
  }

  static Relay open() throws IOException {
    Relay relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    daemon("relay", relay::accept);
    return relay;
  }

  int port() {
    return server.getLocalPort();
  }

  /** Until it leads somewhere, whoever connects is sent away. */
  void leadTo(int port) {
    target = port;
  }

  /** Bytes vanish and nobody is told: the half-open link of a dead router. */
  void stick() {
    stuck = true;
  }

  /**
   * Lets bytes through again; connections that lost some are broken, as their ends would find out.
   */
  void heal() {
    stuck = false;
    breakAll();
  }

  /** All connections end at once. */
  void breakAll() {
    sockets.forEach(Relay::end);
    sockets.clear();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        join(server.accept());
      } catch (IOException e) {
        // The relay ends.
        breakAll();
      }
    }
  }

  private void join(Socket near) {
    try {
      if (target == 0) {
        end(near);
        return;
      }
      Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(near);
      sockets.add(far);
      daemon("relay-up", () -> copy(near, far));
      daemon("relay-down", () -> copy(far, near));
    } catch (IOException e) {
      // Nobody is there, so whoever connected is sent away.
      end(near);
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] bytes = new byte[8192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        if (!stuck) {
          out.write(bytes, 0, n);
        }
      }
    } catch (IOException e) {
      // Broken, by us or by one of the ends: both sides are closed.
      breakPair(from, to);
    }
  }

  private void breakPair(Socket one, Socket other) {
    sockets.remove(one);
    sockets.remove(other);
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closed already.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    breakAll();
  }
}
