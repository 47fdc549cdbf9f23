package io.plantroom.bench.poll;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** The least anything can do: one thread, one selector, requests and sums by hand, without rest. */
final class BareNio implements AutoCloseable {
  private final PollWork work;
  private final LongAdder points;
  private final Selector selector;
  private long sum;

  private BareNio(PollWork work, LongAdder points) throws IOException {
    this.work = work;
    this.points = points;
    selector = Selector.open();
  }

  static Window measure(List<Integer> ports, PollWork work) throws Exception {
    LongAdder points = new LongAdder();
    try (BareNio loop = new BareNio(work, points)) {
      for (int port : ports) {
        SocketChannel channel =
            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.configureBlocking(false);
        channel.socket().setTcpNoDelay(true);
        Device device = new Device();
        channel.register(loop.selector, SelectionKey.OP_READ, device);
        loop.ask(channel, device);
      }
      Thread thread = new Thread(loop::run, "bare nio");
      thread.setDaemon(true);
      thread.start();
      return Window.measure(points);
    }
  }

  private void run() {
    try {
      while (selector.isOpen()) {
        selector.select(this::answered);
      }
      if (sum == 42) {
        System.out.println("the sum is used, so that nothing is optimised away");
      }
    } catch (ClosedSelectorException e) {
      // The measurement is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answered(SelectionKey key) {
    try {
      SocketChannel channel = (SocketChannel) key.channel();
      Device device = (Device) key.attachment();
      if (channel.read(device.in) < 0) {
        throw new IOException("a device closed");
      }
      if (device.in.position() < 9 + 2 * work.perBlock()) {
        return;
      }
      for (int i = 0; i < work.perBlock(); i++) {
        sum += device.in.getShort(9 + 2 * i);
      }
      device.in.clear();
      device.block = (device.block + 1) % work.blocks();
      if (device.block == 0) {
        points.add(work.points());
      }
      ask(channel, device);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void ask(SocketChannel channel, Device device) throws IOException {
    device.out.clear();
    device.out.putShort((short) device.block).putShort((short) 0).putShort((short) 6);
    device.out.put((byte) 1).put((byte) 3);
    device.out.putShort((short) (device.block * work.stride()));
    device.out.putShort((short) work.perBlock());
    channel.write(device.out.flip());
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private static final class Device {
    final ByteBuffer in = ByteBuffer.allocateDirect(260);
    final ByteBuffer out = ByteBuffer.allocateDirect(12);
    int block;
  }
}
