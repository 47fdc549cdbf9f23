package io.plantroom.bench.poll;

import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.procimg.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** The least a program on j2mod can do: a thread for each device that reads and adds up. */
final class BareLoop {
  private BareLoop() {}

  static Window measure(List<Integer> ports, PollWork work) throws Exception {
    LongAdder points = new LongAdder();
    List<Thread> threads = new ArrayList<>();
    for (int port : ports) {
      Thread thread = new Thread(() -> loop(port, work, points), "bare-" + port);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    try {
      return Window.measure(points);
    } finally {
      for (Thread thread : threads) {
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(5));
      }
    }
  }

  private static void loop(int port, PollWork work, LongAdder points) {
    ModbusTCPMaster master = new ModbusTCPMaster("127.0.0.1", port);
    try {
      master.connect();
      long next = System.nanoTime();
      long sum = 0;
      while (!Thread.currentThread().isInterrupted()) {
        for (int block = 0; block < work.blocks(); block++) {
          for (Register r :
              master.readMultipleRegisters(1, block * work.stride(), work.perBlock())) {
            sum += r.getValue();
          }
        }
        points.add(work.points());
        next += work.every().toNanos();
        LockSupport.parkNanos(next - System.nanoTime());
      }
      if (sum == 42) {
        System.out.println("the sum is used, so that nothing is optimised away");
      }
    } catch (Exception e) {
      throw new IllegalStateException("bare loop on port " + port, e);
    } finally {
      master.disconnect();
    }
  }
}
