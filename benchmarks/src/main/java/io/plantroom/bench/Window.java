package io.plantroom.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** CPU of this process over a window of time in which points are delivered. */
public record Window(double cpuSeconds, long points, double seconds) {
  private static final int SECONDS = Integer.getInteger("bench.seconds", 20);
  private static final int LOOK_SECONDS = 5;
  private static final int MOST_LOOKS = 12;
  private static final long QUIET_MILLIS = 25;

  /** CPU-seconds for a million points. */
  public double perMillion() {
    return cpuSeconds / points * 1e6;
  }

  public double perSecond() {
    return points / seconds;
  }

  /** To be printed by {@link Fork#print}; resident memory where the kernel tells it. */
  public Map<String, Double> figures() throws IOException {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("cpu", perMillion());
    figures.put("rate", perSecond());
    figures.put("mb", residentMegabytes());
    return figures;
  }

  /**
   * Measures what this process does.
   *
   * @param delivered points so far
   */
  public static Window measure(LongSupplier delivered) throws InterruptedException {
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long from = System.nanoTime();
    long points = delivered.getAsLong();
    long cpu = process.getProcessCpuTime();
    TimeUnit.SECONDS.sleep(SECONDS);
    long used = process.getProcessCpuTime() - cpu;
    long got = delivered.getAsLong() - points;
    return new Window(used / 1e9, got, (System.nanoTime() - from) / 1e9);
  }

  /**
   * Waits until the compiler rests: a pace that is new makes it work anew for a while, which in
   * years of work is nothing and in a short window half of all.
   */
  public static void awaitCompiled() throws InterruptedException {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long before = -QUIET_MILLIS;
    for (int i = 0; i < MOST_LOOKS; i++) {
      long now = compiler.getTotalCompilationTime();
      if (now - before < QUIET_MILLIS) {
        return;
      }
      before = now;
      TimeUnit.SECONDS.sleep(LOOK_SECONDS);
    }
  }

  private static double residentMegabytes() throws IOException {
    return Files.exists(Path.of("/proc/self/status"))
        ? ProcessStatus.megabytes(ProcessHandle.current().pid(), "VmRSS")
        : 0;
  }
}
