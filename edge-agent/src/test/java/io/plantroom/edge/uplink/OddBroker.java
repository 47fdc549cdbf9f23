package io.plantroom.edge.uplink;

import io.plantroom.edge.config.EdgeConfig.UplinkConfig;
import io.plantroom.wire.Receipt;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/** A broker that answers as no real one can be made to: each packet by what the test says. */
final class OddBroker implements AutoCloseable {
  static final int CONNECT = 1;
  static final int PUBLISH = 3;
  static final int SUBSCRIBE = 8;
  static final byte GRANTED = 1;

  private final ServerSocket server;
  private final Answers answers;
  private final AtomicInteger connected = new AtomicInteger();
  private final MqttTransport transport;

  /** What comes back for a packet. */
  interface Answers {
    Answer to(int type, byte[] body);
  }

  /** Bytes to send, and whether nothing comes after them over this connection. */
  static final class Answer {
    static final Answer NOTHING = new Answer(new byte[0], false);
    static final Answer CONNACK = new Answer(new byte[] {0x20, 3, 0, 0, 0}, false);

    private final byte[] bytes;
    private final boolean last;

    private Answer(byte[] bytes, boolean last) {
      this.bytes = bytes;
      this.last = last;
    }

    static Answer suback(byte[] subscribe, byte reason) {
      return new Answer(new byte[] {(byte) 0x90, 4, subscribe[0], subscribe[1], 0, reason}, false);
    }

    /** These after those, and then no more. */
    Answer andLast(byte[] more) {
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.writeBytes(bytes);
      both.writeBytes(more);
      return new Answer(both.toByteArray(), true);
    }
  }

  OddBroker(Answers answers) throws IOException {
    this.answers = answers;
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread broker = new Thread(this::serve, "broker");
    broker.setDaemon(true);
    broker.start();
    URI url = URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
    transport = new MqttTransport("gw-1", new UplinkConfig(url, null, null, null, 8), new byte[0]);
    transport.start(new Counting());
  }

  /** A client of it that was started. */
  MqttTransport transport() {
    return transport;
  }

  /** How often the client took itself for connected. */
  int connected() {
    return connected.get();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        talk(socket);
      } catch (IOException e) {
        // The client went, or the test ended: the next one, please.
      }
    }
  }

  private void talk(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    while (true) {
      int type = in.readUnsignedByte() >> 4;
      byte[] body = new byte[length(in)];
      in.readFully(body);
      Answer answer = answers.to(type, body);
      out.write(answer.bytes);
      out.flush();
      if (answer.last) {
        socket.shutdownOutput();
        in.transferTo(OutputStream.nullOutputStream());
        return;
      }
    }
  }

  private static int length(DataInputStream in) throws IOException {
    int length = 0;
    int shift = 0;
    int b;
    do {
      b = in.readUnsignedByte();
      length |= (b & 127) << shift;
      shift += 7;
    } while (b > 127);
    return length;
  }

  @Override
  public void close() throws IOException {
    transport.close();
    server.close();
  }

  private final class Counting implements Transport.Listener {
    @Override
    public void onConnected() {
      connected.incrementAndGet();
    }

    @Override
    public void onDisconnected(String reason) {}

    @Override
    public void onReceipt(Receipt receipt) {}
  }
}
