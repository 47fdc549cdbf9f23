package io.plantroom.edge;

import io.plantroom.edge.config.EdgeConfig;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says all that is wrong with a configuration; touches no device. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Checks a configuration and names all that is wrong with it. 检查配置")
final class CheckCommand implements Callable<Integer> {
  @Mixin private ConfigOption config = new ConfigOption();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    EdgeConfig loaded = config.load(err);
    if (loaded == null) {
      return 2;
    }
    loaded.problems().forEach(err::println);
    err.flush();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(loaded.devices().size() + " devices, " + loaded.problems().size() + " problems");
    out.flush();
    return loaded.problems().isEmpty() ? 0 : 1;
  }
}
