package io.plantroom.bench.poll;

import io.plantroom.bench.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The least anything can do: one thread, one selector, requests and sums by hand. */
final class BareNio implements Running {
  private final PollWork work;
  private final LongAdder points;
  private final Selector selector;
  private final PriorityQueue<Device> waiting =
      new PriorityQueue<>(Comparator.comparingLong(d -> d.due - START));
  private static final long START = System.nanoTime();
  private long sum;

  private BareNio(PollWork work, LongAdder points) throws IOException {
    this.work = work;
    this.points = points;
    selector = Selector.open();
  }

  static Running start(List<Integer> ports, PollWork work, LongAdder points) throws IOException {
    BareNio loop = new BareNio(work, points);
    long now = System.nanoTime();
    for (int i = 0; i < ports.size(); i++) {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(i)));
      channel.configureBlocking(false);
      channel.socket().setTcpNoDelay(true);
      Device device = new Device(channel, now + work.every().toNanos() * i / ports.size());
      channel.register(loop.selector, SelectionKey.OP_READ, device);
      loop.waiting.add(device);
    }
    Thread thread = new Thread(loop::run, "bare nio");
    thread.setDaemon(true);
    thread.start();
    return loop;
  }

  private void run() {
    try {
      while (selector.isOpen()) {
        long now = System.nanoTime();
        for (Device d = waiting.peek(); d != null && d.due - now <= 0; d = waiting.peek()) {
          waiting.remove();
          ask(d);
        }
        Device next = waiting.peek();
        long pause = next == null ? 0 : TimeUnit.NANOSECONDS.toMillis(next.due - now) + 1;
        selector.select(this::answered, pause);
      }
      if (sum == 42) {
        System.err.println("the sum is used, so that nothing is optimised away");
      }
    } catch (ClosedSelectorException | ClosedChannelException e) {
      // The measurement is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answered(SelectionKey key) {
    try {
      Device device = (Device) key.attachment();
      if (device.channel.read(device.in) < 0) {
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
        long now = System.nanoTime();
        device.due += work.every().toNanos();
        if (device.due - now > 0) {
          waiting.add(device);
          return;
        }
        device.due = now;
      }
      ask(device);
    } catch (ClosedChannelException e) {
      // The measurement is over; a device that closed would have said so above.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void ask(Device device) throws IOException {
    device.out.clear();
    device.out.putShort((short) device.block).putShort((short) 0).putShort((short) 6);
    device.out.put((byte) 1).put((byte) 3);
    device.out.putShort((short) (device.block * work.stride()));
    device.out.putShort((short) work.perBlock());
    device.channel.write(device.out.flip());
  }

  @Override
  public void stop() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private static final class Device {
    final SocketChannel channel;
    final ByteBuffer in = ByteBuffer.allocateDirect(260);
    final ByteBuffer out = ByteBuffer.allocateDirect(12);
    long due;
    int block;

    Device(SocketChannel channel, long due) {
      this.channel = channel;
      this.due = due;
    }
  }
}
