package io.plantroom.bench.poll;

import io.plantroom.bench.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** The usual way with libraries that wait: a thread for each device. */
final class DeviceThreads implements Running {
  private final AtomicBoolean going = new AtomicBoolean(true);
  private final List<Thread> threads = new ArrayList<>();

  private DeviceThreads() {}

  /** A connected device. */
  interface Device {
    /** Reads all registers, and adds them up so that nothing is optimised away. */
    long readAll() throws Exception;

    void disconnect() throws Exception;
  }

  /** Connects a device. */
  interface Connector {
    Device connect(int port) throws Exception;
  }

  static DeviceThreads start(
      List<Integer> ports, PollWork work, LongAdder points, Connector connector) {
    DeviceThreads all = new DeviceThreads();
    long now = System.nanoTime();
    for (int i = 0; i < ports.size(); i++) {
      int port = ports.get(i);
      long first = now + work.every().toNanos() * i / ports.size();
      Thread thread =
          new Thread(() -> all.loop(port, first, work, points, connector), "device-" + port);
      thread.setDaemon(true);
      thread.start();
      all.threads.add(thread);
    }
    return all;
  }

  private void loop(int port, long first, PollWork work, LongAdder points, Connector connector) {
    try {
      Device device = connector.connect(port);
      read(device, first, work, points);
      device.disconnect();
    } catch (Exception e) {
      if (going.get()) {
        e.printStackTrace();
        System.exit(1);
      }
    }
  }

  private void read(Device device, long first, PollWork work, LongAdder points) throws Exception {
    long next = first;
    long sum = 0;
    while (going.get()) {
      LockSupport.parkNanos(next - System.nanoTime());
      sum += device.readAll();
      points.add(work.points());
      next = Math.max(next + work.every().toNanos(), System.nanoTime());
    }
    if (sum == 42) {
      System.err.println("the sum is used");
    }
  }

  @Override
  public void stop() throws InterruptedException {
    going.set(false);
    threads.forEach(LockSupport::unpark);
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    }
  }
}
