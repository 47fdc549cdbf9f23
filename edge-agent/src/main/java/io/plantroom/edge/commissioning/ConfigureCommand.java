package io.plantroom.edge.commissioning;

import io.plantroom.profile.ProfileCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a devices file out of a table that people filled in. */
@Command(
    name = "configure",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a devices file (YAML) from a table, CSV or XLSX, one row a device.",
      "由表格（CSV 或 XLSX，每行一台设备）生成设备配置（YAML）。"
    },
    footer = {
      "",
      "Headings / 表头: key 标识, profile 型号, endpoint 地址, every 周期, name zh 名称, name en 英文名称,",
      "  location zh 位置, location en 英文位置, serial 序列号. Needed / 必填: key, profile, endpoint.",
      "The file goes under device-files: of the agent's configuration, or to the hub as it is.",
      "",
      "  plantroom-edge configure devices.xlsx --out devices.yaml"
    })
final class ConfigureCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "TABLE",
      description = {"A .csv or .xlsx file; its first sheet.", ".csv 或 .xlsx 文件，取第一个工作表。"})
  private Path table = Path.of("");

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = {"Where to write; the terminal unless said.", "输出文件，默认输出到终端。"})
  private @Nullable Path out;

  @Option(
      names = "--profile-folder",
      paramLabel = "FOLDER",
      description = {"Own device models; may be repeated.", "自有型号目录，可重复。"})
  private List<Path> folders = List.of();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    PrintWriter print = spec.commandLine().getOut();
    try {
      ProfileCatalog catalog = ProfileCatalog.builtIn();
      for (Path folder : folders) {
        ProfileCatalog.Extended more = catalog.withFolder(folder);
        more.problems().forEach(err::println);
        catalog = more.catalog();
      }
      String name = String.valueOf(table.getFileName());
      DeviceSheet sheet = DeviceSheet.of(name, Cells.read(table), catalog);
      sheet.problems().forEach(err::println);
      err.flush();
      if (!sheet.problems().isEmpty()) {
        return 1;
      }
      if (out == null) {
        print.print(sheet.yaml());
      } else {
        Files.writeString(out, sheet.yaml(), StandardCharsets.UTF_8);
        print.println(sheet.devices() + " devices / 台设备: " + out);
      }
      print.flush();
      return 0;
    } catch (NoSuchFileException e) {
      err.println(table + ": this file does not exist / 文件不存在");
    } catch (IOException e) {
      err.println(table + ": " + e.getMessage());
    }
    err.flush();
    return 2;
  }
}
