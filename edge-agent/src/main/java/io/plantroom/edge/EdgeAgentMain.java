package io.plantroom.edge;

import io.plantroom.edge.driver.coap.CoapCommand;
import io.plantroom.edge.driver.opcua.OpcUaCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code java -jar edge-agent.jar run|check|read --config edge.yaml}. */
@Command(
    name = "plantroom-edge",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {"The agent on the gateway box.", "网关机上的采集代理。"},
    subcommands = {
      RunCommand.class,
      CheckCommand.class,
      ReadCommand.class,
      OpcUaCommand.class,
      CoapCommand.class
    })
public final class EdgeAgentMain {
  private EdgeAgentMain() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new EdgeAgentMain()).setUsageHelpAutoWidth(true).execute(args));
  }
}
