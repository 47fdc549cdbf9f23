package io.plantroom.bench.poll;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** CPU of this process over a window of time in which points are delivered. */
record Window(double cpuSeconds, long points) {
  private static final int WARM_UP_SECONDS = 5;
  private static final int SECONDS = Integer.getInteger("bench.seconds", 15);

  double perMillion() {
    return cpuSeconds / points * 1e6;
  }

  /** Lets the work run warm, then measures. */
  static Window measure(LongAdder delivered) throws InterruptedException {
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
    long cpu = process.getProcessCpuTime();
    long points = delivered.sum();
    TimeUnit.SECONDS.sleep(SECONDS);
    return new Window((process.getProcessCpuTime() - cpu) / 1e9, delivered.sum() - points);
  }
}
