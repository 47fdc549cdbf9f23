package io.plantroom.edge.driver.modbus;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A Modbus TCP server that answers whatever a test wants, byte for byte. */
final class RawModbusServer implements AutoCloseable {
  private final ServerSocket server;
  private final List<Socket> open = new ArrayList<>();
  private final List<byte[]> requests = new CopyOnWriteArrayList<>();
  private volatile Function<byte[], byte[]> answer;
  private volatile boolean closing;
  private volatile boolean rtu;

  /** The answer to a request, both with their MBAP header; an empty one is silence. */
  RawModbusServer(Function<byte[], byte[]> answer) throws IOException {
    this.answer = answer;
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::accept, "raw modbus");
    thread.setDaemon(true);
    thread.start();
  }

  /** From now on connections are closed after an answer. */
  void closeAfterAnswer() {
    closing = true;
  }

  /** From now on frames are those of RTU; answers are still given with the header of TCP. */
  RawModbusServer rtu() {
    rtu = true;
    return this;
  }

  /** How many connections there have been. */
  int connections() {
    synchronized (open) {
      return open.size();
    }
  }

  int port() {
    return server.getLocalPort();
  }

  List<byte[]> requests() {
    return requests;
  }

  void answerWith(Function<byte[], byte[]> next) {
    answer = next;
  }

  /** A right answer of registers that show their own address. */
  static byte[] addresses(byte[] request) {
    int first = word(request, 8);
    int count = word(request, 10);
    int function = request[7];
    if (function >= 5) {
      byte[] written = Arrays.copyOf(request, 12);
      written[5] = 6;
      return written;
    }
    if (function == 1 || function == 2) {
      byte[] bits = new byte[(count + 7) / 8];
      bits[0] = 1;
      return reply(request, bits);
    }
    byte[] data = new byte[count * 2];
    for (int i = 0; i < count; i++) {
      data[2 * i] = (byte) ((first + i) >> 8);
      data[2 * i + 1] = (byte) (first + i);
    }
    return reply(request, data);
  }

  /** An answer with these data, all else as it should be. */
  static byte[] reply(byte[] request, byte[] data) {
    byte[] out = new byte[9 + data.length];
    System.arraycopy(request, 0, out, 0, 8);
    out[4] = (byte) ((3 + data.length) >> 8);
    out[5] = (byte) (3 + data.length);
    out[8] = (byte) data.length;
    System.arraycopy(data, 0, out, 9, data.length);
    return out;
  }

  static byte[] exception(byte[] request, int code) {
    byte[] out = new byte[9];
    System.arraycopy(request, 0, out, 0, 8);
    out[4] = 0;
    out[5] = 3;
    out[7] |= (byte) 0x80;
    out[8] = (byte) code;
    return out;
  }

  static int word(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        synchronized (open) {
          open.add(socket);
        }
        Thread thread = new Thread(() -> serve(socket), "raw modbus connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        byte[] request = rtu ? fromRtu(in) : fromTcp(in);
        requests.add(request);
        byte[] reply = answer.apply(request);
        out.write(rtu && reply.length > 0 ? toRtu(reply) : reply);
        out.flush();
        if (closing) {
          socket.close();
        }
      }
    } catch (IOException e) {
      // The other side has gone; so does this connection.
    }
  }

  private static byte[] fromTcp(DataInputStream in) throws IOException {
    byte[] header = new byte[6];
    in.readFully(header);
    byte[] request = Arrays.copyOf(header, 6 + word(header, 4));
    in.readFully(request, 6, request.length - 6);
    return request;
  }

  private static byte[] fromRtu(DataInputStream in) throws IOException {
    byte[] frame = new byte[8];
    in.readFully(frame, 0, 7);
    if (frame[1] == 16) {
      frame = Arrays.copyOf(frame, 9 + (frame[6] & 0xFF));
      in.readFully(frame, 7, frame.length - 7);
    } else {
      frame[7] = in.readByte();
    }
    int crc = RtuFraming.crc(frame, frame.length - 2);
    if (word(frame, frame.length - 2) != ((crc & 0xFF) << 8 | crc >> 8)) {
      throw new IOException("wrong checksum");
    }
    byte[] request = new byte[frame.length + 4];
    request[5] = (byte) (frame.length - 2);
    System.arraycopy(frame, 0, request, 6, frame.length - 2);
    return request;
  }

  private static byte[] toRtu(byte[] reply) {
    byte[] pdu = Arrays.copyOfRange(reply, 7, reply.length);
    return new RtuFraming().frame(0, reply[6], pdu);
  }

  @Override
  public void close() {
    try {
      server.close();
      synchronized (open) {
        for (Socket s : open) {
          s.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
