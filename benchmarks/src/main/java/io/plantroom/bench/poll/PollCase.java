package io.plantroom.bench.poll;

import io.plantroom.bench.Fork;
import io.plantroom.bench.Running;
import io.plantroom.bench.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * One case in its own process. First it reads as fast as it can, so that everything is compiled;
 * then at the pace that is measured.
 */
final class PollCase {
  private static final int WARM_SECONDS = 8;
  private static final int SETTLE_SECONDS = 4;

  private PollCase() {}

  private static Reader reader(String name, Path folder) {
    Map<String, Reader> all =
        Map.of(
            "memory", Ours::toMemory,
            "outbox", Ours.toOutbox(folder),
            "j2mod", BareLoop::start,
            "nio", BareNio::start,
            "plc4x", Plc4xLoop::start);
    Reader found = all.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no case '" + name + "'");
    }
    return found;
  }

  /** In a process of its own. */
  static Map<String, Double> run(String name, Duration every, Path folder, List<Integer> ports)
      throws Exception {
    String list = String.join(",", ports.stream().map(String::valueOf).toList());
    return Fork.run(PollCase.class, List.of(name, "" + every.toNanos(), folder.toString(), list));
  }

  /** Arguments: case, period in nanoseconds, folder for files, ports with commas. */
  public static void main(String[] args) throws Exception {
    Reader reader = reader(args[0], Path.of(args[2]));
    Duration every = Duration.ofNanos(Long.parseLong(args[1]));
    List<Integer> ports = Arrays.stream(args[3].split(",", -1)).map(Integer::valueOf).toList();
    LongAdder points = new LongAdder();
    Running warm = reader.start(ports, PollWork.every(PollWork.FAST), points);
    TimeUnit.SECONDS.sleep(WARM_SECONDS);
    warm.stop();
    if (points.sum() == 0) {
      throw new IllegalStateException("nothing was read");
    }
    Running measured = reader.start(ports, PollWork.every(every), points);
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    Window.awaitCompiled();
    Fork.print(Window.measure(points::sum).figures());
    measured.stop();
    System.exit(0);
  }
}
