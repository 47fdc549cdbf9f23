package io.plantroom.edge;

import io.plantroom.edge.commissioning.Commissioning;
import io.plantroom.edge.driver.coap.CoapCommand;
import io.plantroom.edge.driver.opcua.OpcUaCommand;
import io.plantroom.edge.page.PasswordCommand;
import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code java -jar edge-agent.jar COMMAND}; {@code help} lists the commands. */
@Command(
    name = "plantroom-edge",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {"The agent on the gateway box.", "网关机上的采集代理。"},
    subcommands = {
      RunCommand.class,
      CheckCommand.class,
      PasswordCommand.class,
      OpcUaCommand.class,
      CoapCommand.class
    })
public final class EdgeAgentMain {
  private EdgeAgentMain() {}

  /** All commands. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new EdgeAgentMain());
    Commissioning.addTo(line, data -> Drivers.all(data, InstantSource.system()));
    return line.setUsageHelpAutoWidth(true).setCaseInsensitiveEnumValuesAllowed(true);
  }

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }
}
