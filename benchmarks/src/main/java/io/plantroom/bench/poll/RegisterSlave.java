package io.plantroom.bench.poll;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Many Modbus TCP devices on one thread, in a process of their own so that their cost is not
 * counted. Each port is a device; each answer is new, so that nothing can be thinned away. Ends
 * with its input.
 */
public final class RegisterSlave {
  private static final int REQUEST = 12;

  // Held, so that they stay open.
  private static final List<SocketChannel> HANGING = new ArrayList<>();

  private RegisterSlave() {}

  /**
   * Opens as many ports as the first argument says and prints them on one line. As many of them as
   * the second says take connections and questions and never answer, of the next as many as the
   * third says nobody listens.
   */
  public static void main(String[] args) throws IOException {
    int hanging = args.length > 1 ? Integer.parseInt(args[1]) : 0;
    int refusing = args.length > 2 ? Integer.parseInt(args[2]) : 0;
    Selector selector = Selector.open();
    List<String> ports = new ArrayList<>();
    // Closed only when all have their ports, or one would be given out twice.
    List<ServerSocketChannel> refused = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[0]); i++) {
      ServerSocketChannel server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      ports.add(String.valueOf(server.socket().getLocalPort()));
      if (i >= hanging && i < hanging + refusing) {
        refused.add(server);
      } else {
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT, i < hanging);
      }
    }
    for (ServerSocketChannel server : refused) {
      server.close();
    }
    System.out.println(String.join(" ", ports));
    Thread parent = new Thread(RegisterSlave::endWithInput);
    parent.setDaemon(true);
    parent.start();
    int tick = 0;
    while (true) {
      selector.select();
      for (Iterator<SelectionKey> it = selector.selectedKeys().iterator(); it.hasNext(); ) {
        SelectionKey key = it.next();
        it.remove();
        if (key.isAcceptable()) {
          SocketChannel channel = ((ServerSocketChannel) key.channel()).accept();
          channel.configureBlocking(false);
          if (Boolean.TRUE.equals(key.attachment())) {
            HANGING.add(channel);
          } else {
            channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(260));
          }
        } else {
          serve(key, tick++);
        }
      }
    }
  }

  private static void endWithInput() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // The other side is gone, which is what was waited for.
    }
    System.exit(0);
  }

  /** Answers all questions that have come; a caller who hangs up ends only his own connection. */
  private static void serve(SelectionKey key, int tick) throws IOException {
    SocketChannel channel = (SocketChannel) key.channel();
    ByteBuffer in = (ByteBuffer) key.attachment();
    try {
      if (channel.read(in) < 0) {
        channel.close();
        return;
      }
      in.flip();
      while (in.remaining() >= REQUEST) {
        answer(channel, in, tick);
      }
      in.compact();
    } catch (IOException e) {
      channel.close();
    }
  }

  private static void answer(SocketChannel channel, ByteBuffer in, int tick) throws IOException {
    int at = in.position();
    int registers = in.getShort(at + 10);
    ByteBuffer out = ByteBuffer.allocate(9 + 2 * registers);
    out.putShort(in.getShort(at)).putShort((short) 0).putShort((short) (3 + 2 * registers));
    out.put(in.get(at + 6)).put(in.get(at + 7)).put((byte) (2 * registers));
    for (int i = 0; i < registers; i++) {
      out.putShort((short) ((tick + i) & 0x7FFF));
    }
    out.flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
    in.position(at + REQUEST);
  }
}
