package io.plantroom.edge.commissioning;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.DriverFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the sheet that is signed when a plant room is handed over. */
@Command(
    name = "sheet",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Reads devices once and writes the commissioning sheet, to be compared and signed.",
      "读取设备一次并生成调试记录表，供核对与签字。"
    },
    footer = {
      "",
      "  plantroom-edge sheet -c edge.yaml --out sheet.html --lang zh",
      "  plantroom-edge sheet -c edge.yaml -d meter-b1-01 --out sheet.csv"
    })
final class SheetCommand implements Callable<Integer> {
  private final Function<Path, Map<String, DriverFactory>> drivers;
  @Mixin private ConfigOption config = new ConfigOption();

  @Option(
      names = {"-d", "--device"},
      paramLabel = "KEY",
      description = {"Only these devices; may be repeated.", "只列出这些设备，可重复。"})
  private List<String> keys = List.of();

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "FILE",
      description = {"The sheet, .html or .csv.", "输出文件，.html 或 .csv。"})
  private Path out = Path.of("sheet.html");

  @Mixin private Language language = new Language();
  @Spec private @Nullable CommandSpec spec;

  SheetCommand(Function<Path, Map<String, DriverFactory>> drivers) {
    this.drivers = drivers;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    EdgeConfig loaded = config.load(err);
    if (loaded == null) {
      return 2;
    }
    loaded.problems().forEach(err::println);
    String name = out.toString();
    if (!name.endsWith(".html") && !name.endsWith(".csv")) {
      err.println("--out: expected a file that ends in .html or .csv, got \"" + name + "\"");
      err.flush();
      return 2;
    }
    List<Sheet.Page> pages = new ArrayList<>();
    for (DeviceConfig device : loaded.devices()) {
      if (keys.isEmpty() || keys.contains(device.key())) {
        pages.add(page(loaded, device));
      }
    }
    Sheet sheet = new Sheet(loaded.gateway(), pages, language);
    Files.writeString(
        out, name.endsWith(".csv") ? sheet.csv() : sheet.html(), StandardCharsets.UTF_8);
    long silent = pages.stream().filter(p -> p.problem() != null).count();
    PrintWriter print = spec.commandLine().getOut();
    print.println(
        language.of(
            pages.size() + " 台设备，" + silent + " 台无应答：" + out,
            pages.size() + " devices, " + silent + " did not answer: " + out));
    print.flush();
    err.flush();
    return silent == 0 && loaded.problems().isEmpty() ? 0 : 1;
  }

  private Sheet.Page page(EdgeConfig loaded, DeviceConfig device) {
    try {
      List<Reading> readings =
          Reading.with(drivers.apply(loaded.data()), device, driver -> Reading.all(driver, device));
      return new Sheet.Page(device, readings, null);
    } catch (DriverException e) {
      return new Sheet.Page(device, List.of(), e.reason() + ": " + e.getMessage());
    }
  }
}
