package io.plantroom.edge.commissioning;

import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.yaml.YamlException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Names the agent's configuration. */
public final class ConfigOption {
  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = {"The agent's configuration (YAML).", "采集代理的配置文件（YAML）。"})
  private @Nullable Path file;

  /** The configuration, or null when it cannot be used; then the reason was printed. */
  public @Nullable EdgeConfig load(PrintWriter err) {
    try {
      return EdgeConfig.load(Objects.requireNonNull(file));
    } catch (YamlException e) {
      e.problems().forEach(err::println);
      err.flush();
      return null;
    }
  }
}
