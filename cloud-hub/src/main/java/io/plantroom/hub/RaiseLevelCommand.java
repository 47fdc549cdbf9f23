package io.plantroom.hub;

import io.plantroom.hub.backup.BackupCommands;
import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.database.RaiseLevel;
import io.plantroom.yaml.YamlException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Moves the data up a level in its place. Exit code 1 when it did not work, with the reason. */
@Command(
    name = "raise-level",
    mixinStandardHelpOptions = true,
    description = {
      "Moves all data from the partitions of plain PostgreSQL into TimescaleDB's hypertables.",
      "Stop all hubs and run CREATE EXTENSION timescaledb in the database before. It needs room for",
      "the largest partition, and goes on where it was when it is broken off and called again."
    })
final class RaiseLevelCommand implements Callable<Integer> {
  @ParentCommand private BackupCommands.@Nullable Parent parent;
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (parent == null || spec == null) {
      throw new IllegalStateException("the command line sets it");
    }
    PrintWriter out = spec.commandLine().getOut();
    try {
      long rows = new RaiseLevel(HubConfig.load(parent.hubYaml()).database(), out::println).run();
      out.println("moved " + rows + " rows");
      out.flush();
      return CommandLine.ExitCode.OK;
    } catch (YamlException | IllegalStateException e) {
      spec.commandLine().getErr().println(e.getMessage());
    } catch (SQLException | RuntimeException e) {
      spec.commandLine().getErr().println(e);
    }
    spec.commandLine().getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }
}
