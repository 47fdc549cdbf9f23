package io.plantroom.edge.commissioning;

import io.plantroom.device.DeviceDocument;
import io.plantroom.edge.config.CommandsConfig;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.yaml.YamlException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which device is meant: one of the configuration, or any by profile and endpoint. */
final class TargetOption {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private Choice choice = new Choice();

  private static final class Choice {
    @ArgGroup(exclusive = false)
    private @Nullable Configured configured;

    @ArgGroup(exclusive = false)
    private @Nullable Free free;
  }

  private static final class Configured {
    @Option(
        names = {"-c", "--config"},
        required = true,
        paramLabel = "FILE",
        description = {"The agent's configuration (YAML).", "采集代理的配置文件（YAML）。"})
    private Path config = Path.of("");

    @Option(
        names = {"-d", "--device"},
        required = true,
        paramLabel = "KEY",
        description = {"A device of the configuration.", "配置中的设备标识。"})
    private String device = "";
  }

  private static final class Free {
    @Option(
        names = {"-p", "--profile"},
        required = true,
        paramLabel = "ID",
        description = {"A device model, for instance eastron-sdm630.", "设备型号，例如 eastron-sdm630。"})
    private String profile = "";

    @Option(
        names = {"-e", "--endpoint"},
        required = true,
        paramLabel = "URI",
        description = {
          "Where it is, for instance \"modbus-tcp://192.0.2.17:502?unit=1\".",
          "设备地址，例如 \"modbus-tcp://192.0.2.17:502?unit=1\"。"
        })
    private String endpoint = "";

    @Option(
        names = "--data",
        paramLabel = "FOLDER",
        description = {"Where an OPC UA certificate is kept.", "OPC UA 证书的存放目录。"})
    private Path data = Path.of("plantroom-edge-data");
  }

  /**
   * A device and the folder of its drivers.
   *
   * @param commands what the configuration allows to be written; null without a configuration
   */
  record Target(DeviceConfig device, Path data, @Nullable CommandsConfig commands) {
    boolean allows(String point) {
      return commands == null || commands.allows(device.key(), point);
    }
  }

  /** The device, or null when there is none; then the reason was printed. */
  @Nullable Target find(PrintWriter err) {
    Configured c = choice.configured;
    Free f = choice.free;
    if (c != null) {
      return configured(c, err);
    }
    if (f == null) {
      throw new IllegalStateException("the command line gives one of both");
    }
    String text =
        "devices:\n  - key: device\n    profile: %s\n    endpoint: %s\n"
            .formatted(Quoted.of(f.profile), Quoted.of(f.endpoint));
    DeviceDocument document = DeviceDocument.parse("command line", text, ProfileCatalog.builtIn());
    document.problems().stream().map(TargetOption::withoutLine).forEach(err::println);
    err.flush();
    return document.problems().isEmpty()
        ? new Target(DeviceConfig.of(document.devices().get(0)), f.data.toAbsolutePath(), null)
        : null;
  }

  private static String withoutLine(String problem) {
    return problem.replaceFirst("^command line:\\d+: devices/0/?", "");
  }

  private static @Nullable Target configured(Configured c, PrintWriter err) {
    try {
      EdgeConfig config = EdgeConfig.load(c.config);
      for (DeviceConfig d : config.devices()) {
        if (d.key().equals(c.device)) {
          return new Target(d, config.data(), config.commands());
        }
      }
      config.problems().forEach(err::println);
      List<String> keys = config.devices().stream().map(DeviceConfig::key).limit(20).toList();
      err.println("there is no device '" + c.device + "' that could be read; there are " + keys);
    } catch (YamlException e) {
      e.problems().forEach(err::println);
    }
    err.flush();
    return null;
  }
}
