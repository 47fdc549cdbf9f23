package io.plantroom.edge;

import io.plantroom.edge.commissioning.ConfigOption;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.config.SerialLines;
import io.plantroom.edge.desired.DesiredDevices;
import io.plantroom.edge.uplink.Uplinks;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
    List<String> problems = new ArrayList<>(loaded.problems());
    if (loaded.uplink() != null) {
      try {
        Uplinks.check(loaded.uplink());
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    DesiredDevices.Beginning beginning = DesiredDevices.beginning(loaded);
    problems.addAll(beginning.problems());
    problems.addAll(SerialLines.problems(beginning.devices()));
    Set<String> keys =
        beginning.devices().stream().map(DeviceConfig::key).collect(Collectors.toSet());
    loaded
        .commands()
        .strangers(keys)
        .forEach(d -> problems.add("commands: allow: there is no device '" + d + "'"));
    problems.forEach(err::println);
    err.flush();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    String hub =
        beginning.running() == null
            ? ""
            : " with the hub's configuration " + beginning.running().substring(0, 12);
    out.println(
        beginning.devices().size() + " devices" + hub + ", " + problems.size() + " problems");
    out.flush();
    return problems.isEmpty() ? 0 : 1;
  }
}
