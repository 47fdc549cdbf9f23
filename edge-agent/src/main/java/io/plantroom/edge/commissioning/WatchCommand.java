package io.plantroom.edge.commissioning;

import io.plantroom.edge.commissioning.TargetOption.Target;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads a device again and again and prints what has changed, until it is interrupted. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Reads one device again and again and prints what changes, until Ctrl-C.",
      "反复读取一台设备，显示变化，按 Ctrl-C 结束。"
    },
    footer = {"", "  plantroom-edge watch -c edge.yaml -d meter-b1-01 --every 1000"})
final class WatchCommand implements Callable<Integer> {
  private final Function<Path, Map<String, DriverFactory>> drivers;
  @Mixin private TargetOption target = new TargetOption();

  @Option(
      names = "--every",
      paramLabel = "MS",
      description = {"Pause between two reads in milliseconds, 2000.", "两次读取的间隔，毫秒，默认 2000。"})
  private int everyMillis = 2000;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = {"Ends after so many reads.", "读取多少次后结束。"})
  private int count = Integer.MAX_VALUE;

  @Mixin private Language language = new Language();
  @Spec private @Nullable CommandSpec spec;

  WatchCommand(Function<Path, Map<String, DriverFactory>> drivers) {
    this.drivers = drivers;
  }

  @Override
  public Integer call() {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Target found = target.find(err);
    if (found == null) {
      return 2;
    }
    Duration pause = found.device().profile().limits().minPeriod();
    long millis = Math.max(Math.max(100, everyMillis), pause.toMillis());
    try {
      return Reading.with(
          drivers.apply(found.data()), found.device(), d -> watch(d, found, millis, out));
    } catch (DriverException e) {
      throw new IllegalStateException(e); // Said and gone on with below.
    }
  }

  private int watch(ProtocolDriver driver, Target found, long millis, PrintWriter out) {
    Map<String, String> shown = new HashMap<>();
    boolean answered = false;
    for (int i = 0; i < count && !Thread.currentThread().isInterrupted(); i++) {
      if (i > 0) {
        LockSupport.parkNanos(millis * 1_000_000);
      }
      String time = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS).toString();
      try {
        for (Reading r : Reading.all(driver, found.device())) {
          String value = r.good() ? r.value(language.chinese()) + " " + r.unit() : r.quality();
          if (!value.equals(shown.put(r.point().name(), value))) {
            new Table().row(time, r.point().name(), r.title(language.chinese()), value).print(out);
          }
        }
        answered = true;
      } catch (DriverException e) {
        shown.clear();
        out.println(time + "  " + e.reason() + ": " + e.getMessage());
        out.flush();
      }
    }
    return answered ? 0 : 1;
  }
}
