package io.plantroom.edge.driver.opcua;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP line to a server that a test can cut, or stop so that nothing more passes. */
final class Wire implements AutoCloseable {
  private final ServerSocket listening;
  private final int server;
  private final List<Socket> ends = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;

  Wire(int server) throws IOException {
    this.server = server;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** From now on it accepts and says nothing. */
  void stop() {
    stopped = true;
  }

  /** Lets through again; what was stopped is lost, so its connections end. */
  void goOn() {
    stopped = false;
    cut();
  }

  /** Ends all connections. */
  void cut() {
    ends.forEach(Wire::close);
    ends.clear();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket from = listening.accept();
        Socket to = new Socket(InetAddress.getLoopbackAddress(), server);
        ends.addAll(List.of(from, to));
        start(() -> pump(from, to));
        start(() -> pump(to, from));
      } catch (IOException e) {
        // The server is away: the caller finds his connection closed.
      }
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] some = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        if (!stopped) {
          out.write(some, 0, n);
        }
      }
    } catch (IOException e) {
      // Cut.
    } finally {
      close(from);
      close(to);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "wire");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closed.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
