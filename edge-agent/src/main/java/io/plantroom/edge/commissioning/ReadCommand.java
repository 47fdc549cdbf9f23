package io.plantroom.edge.commissioning;

import io.plantroom.edge.commissioning.TargetOption.Target;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.DriverFactory;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reads a device once, for whoever stands before it. The outbox is not touched. */
@Command(
    name = "read",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {"Reads one device once and prints a table.", "读取一台设备一次，并以表格显示。"},
    footer = {
      "",
      "  plantroom-edge read -c edge.yaml -d meter-b1-01",
      "  plantroom-edge read -p eastron-sdm630 -e \"modbus-tcp://192.0.2.17:502?unit=1\""
    })
final class ReadCommand implements Callable<Integer> {
  private final Function<Path, Map<String, DriverFactory>> drivers;
  @Mixin private TargetOption target = new TargetOption();
  @Mixin private Language language = new Language();
  @Spec private @Nullable CommandSpec spec;

  ReadCommand(Function<Path, Map<String, DriverFactory>> drivers) {
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
    try {
      List<Reading> readings =
          Reading.with(
              drivers.apply(found.data()),
              found.device(),
              driver -> Reading.all(driver, found.device()));
      table(readings).print(out);
      return 0;
    } catch (DriverException e) {
      err.println(found.device().key() + ": " + e.reason() + ": " + e.getMessage());
      err.flush();
      return 1;
    }
  }

  private Table table(List<Reading> readings) {
    Table table = new Table();
    table.row(
        language.of("点位", "point"),
        language.of("名称", "title"),
        language.of("地址", "address"),
        language.of("原始值", "raw"),
        language.of("数值", "value"),
        language.of("单位", "unit"),
        language.of("质量", "quality"));
    for (Reading r : readings) {
      table.row(
          r.point().name(),
          r.title(language.chinese()),
          r.address(),
          r.rawText(),
          r.value(language.chinese()),
          r.unit(),
          r.quality());
    }
    return table;
  }
}
