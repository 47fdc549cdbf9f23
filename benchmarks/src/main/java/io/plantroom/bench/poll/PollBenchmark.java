package io.plantroom.bench.poll;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Folders;
import io.plantroom.bench.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Devices of 50 registers in 5 blocks of 10: 100 of them at one second, and 20 as fast as possible.
 * Each case has a fresh process that is warm when it is measured; the second round goes through the
 * cases backwards, so that none always has the quieter machine.
 */
public final class PollBenchmark implements Benchmark {
  private static final List<String> CASES = List.of("nio", "j2mod", "plc4x", "memory", "outbox");
  private static final int ROUNDS = 2;

  @Override
  public String about() {
    return "CPU for a million points over Modbus TCP into the outbox, against a bare j2mod loop";
  }

  @Override
  public Outcome run() throws Exception {
    Path folder = Folders.fresh();
    try {
      try (Slaves slaves = Slaves.start(100)) {
        var unused = rounds("100 devices at 1 s", Duration.ofSeconds(1), folder, slaves.ports());
        print("hub", List.of(HubCase.run(slaves.ports())));
      }
      try (Slaves slaves = Slaves.start(20)) {
        Map<String, Double> best =
            rounds("20 devices as fast as possible", PollWork.FAST, folder, slaves.ports());
        return new Outcome(
            Objects.requireNonNull(best.get("outbox")),
            "CPU-s/million-points",
            "bare-j2mod-loop",
            Objects.requireNonNull(best.get("j2mod")));
      }
    } finally {
      Folders.delete(folder);
    }
  }

  /** The better of each: other load on the machine only ever adds. */
  private static Map<String, Double> rounds(
      String title, Duration every, Path folder, List<Integer> ports) throws Exception {
    Map<String, List<Map<String, Double>>> found = new LinkedHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      List<String> order = new ArrayList<>(CASES);
      if (round % 2 == 1) {
        Collections.reverse(order);
      }
      for (String name : order) {
        found
            .computeIfAbsent(name, n -> new ArrayList<>())
            .add(PollCase.run(name, every, folder, ports));
      }
    }
    System.out.println(title + ", CPU-seconds for a million points in each round:");
    found.forEach(PollBenchmark::print);
    Map<String, Double> best = new LinkedHashMap<>();
    found.forEach((name, all) -> best.put(name, figures(all, "cpu").get(0)));
    return best;
  }

  private static void print(String name, List<Map<String, Double>> all) {
    StringBuilder cpu = new StringBuilder();
    figures(all, "cpu").forEach(f -> cpu.append(String.format(Locale.ROOT, "%8.2f", f)));
    System.out.printf(
        Locale.ROOT,
        "  %-7s%-18s %,9.0f points/s, %4.0f MB resident%n",
        name,
        cpu,
        Collections.max(figures(all, "rate")),
        Collections.max(figures(all, "mb")));
  }

  /** Least first. */
  private static List<Double> figures(List<Map<String, Double>> all, String name) {
    return all.stream().map(f -> Objects.requireNonNull(f.get(name))).sorted().toList();
  }
}
