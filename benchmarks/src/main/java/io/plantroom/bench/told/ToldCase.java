package io.plantroom.bench.told;

import io.plantroom.bench.Fork;
import io.plantroom.bench.Running;
import io.plantroom.bench.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One case in its own process. */
final class ToldCase {
  private static final int WARM_SECONDS = 20;
  private static final int PATIENCE_SECONDS = 120;

  private ToldCase() {}

  /** In a process of its own. */
  static Map<String, Double> run(String protocol, String who, String ports) throws Exception {
    return Fork.run(ToldCase.class, List.of(protocol, who, ports));
  }

  /** Arguments: opcua or coap, ours or bare, ports of the hosts. */
  public static void main(String[] args) throws Exception {
    ToldWork work = ToldWork.of(args[0]);
    Listener bare = args[0].equals("opcua") ? BareMilo::start : BareCalifornium::start;
    Listener listener = args[1].equals("ours") ? Ours::start : bare;
    Told told = new Told();
    long began = System.nanoTime();
    List<Integer> ports = Stream.of(args[2].split(",", -1)).map(Integer::valueOf).toList();
    Running running = listener.start(ports, work, told);
    awaitAll(work, told, began);
    TimeUnit.SECONDS.sleep(WARM_SECONDS);
    Window.awaitCompiled();
    told.begin();
    Map<String, Double> figures = new LinkedHashMap<>(Window.measure(told::points).figures());
    figures.put("p50", told.percentile(50));
    figures.put("p99", told.percentile(99));
    Fork.print(figures);
    running.stop();
    System.exit(0);
  }

  /** Until nearly everything is told each period. */
  private static void awaitAll(ToldWork work, Told told, long began) throws InterruptedException {
    long before = 0;
    while (told.points() - before < work.items() * 0.95) {
      if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        System.err.printf("only %d in the last period%n", told.points() - before);
        return;
      }
      before = told.points();
      TimeUnit.MILLISECONDS.sleep(work.every().toMillis());
    }
  }
}
