package io.plantroom.hub.backup;

import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.database.UnreleasedTablesException;
import io.plantroom.yaml.YamlException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Backup and restore at the command line. Exit code 1 when it did not work, with the reason. */
public final class BackupCommands {
  private BackupCommands() {}

  /** The command they belong to, which knows where hub.yaml is. */
  public interface Parent {
    Path hubYaml();
  }

  /** Adds all of them to a command whose object is a {@link Parent}. */
  public static void addTo(CommandLine hub) {
    hub.addSubcommand(new Make()).addSubcommand(new Check()).addSubcommand(new Put());
  }

  private abstract static class Base implements Callable<Integer> {
    @ParentCommand private @Nullable Parent parent;
    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "the backup")
    private @Nullable Path file;

    abstract String run(Path backup) throws Exception;

    @Override
    public Integer call() {
      PrintWriter err = line().getErr();
      try {
        say(run(must(file)));
        return CommandLine.ExitCode.OK;
      } catch (BackupException | YamlException | UnreleasedTablesException e) {
        err.println(e.getMessage());
      } catch (Exception e) {
        err.println(e);
      }
      err.flush();
      return CommandLine.ExitCode.SOFTWARE;
    }

    final DatabaseConfig database() throws YamlException {
      return HubConfig.load(must(parent).hubYaml()).database();
    }

    final void say(String text) {
      line().getOut().println(text);
      line().getOut().flush();
    }

    private CommandLine line() {
      return must(spec).commandLine();
    }

    private static <T> T must(@Nullable T set) {
      if (set == null) {
        throw new IllegalStateException("the command line sets it");
      }
      return set;
    }
  }

  @Command(
      name = "backup",
      mixinStandardHelpOptions = true,
      description = {
        "Writes all data to a new file, as of this instant, while the hub goes on working.",
        "Keep hub.yaml, organisation.yaml, own profiles and key files as well: they are not in it."
      })
  private static final class Make extends Base {
    @Override
    String run(Path backup) throws Exception {
      String version = Make.class.getPackage().getImplementationVersion();
      long rows =
          new Backup(database(), version == null ? "dev" : version, this::say).write(backup);
      return backup + ": " + rows + " rows";
    }
  }

  @Command(
      name = "check-backup",
      mixinStandardHelpOptions = true,
      description = "Reads a backup and compares it with its list of contents; needs no database.")
  private static final class Check extends Base {
    @Override
    String run(Path backup) throws Exception {
      return backup + " is whole: " + new Restore(backup, this::say).check() + " rows";
    }
  }

  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = {
        "Puts a backup into the empty database that hub.yaml names, all of it or nothing, and",
        "compares every table with it. No hub may run on it. The database may be of another level",
        "than the one the backup came from: this is also the way from PostgreSQL to TimescaleDB."
      })
  private static final class Put extends Base {
    @Override
    String run(Path backup) throws Exception {
      return "restored " + new Restore(backup, this::say).into(database()) + " rows";
    }
  }
}
