package io.plantroom.edge;

import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.yaml.YamlException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option all commands have. */
final class ConfigOption {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Configuration (YAML). 配置文件")
  @Nullable Path file;

  /** The configuration, or null when it cannot be used; then the reason was printed. */
  @Nullable EdgeConfig load(PrintWriter err) {
    try {
      return EdgeConfig.load(java.util.Objects.requireNonNull(file));
    } catch (YamlException e) {
      e.problems().forEach(err::println);
      err.flush();
      return null;
    }
  }
}
