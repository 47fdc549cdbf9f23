package io.plantroom.edge.commissioning;

import io.plantroom.edge.driver.DriverFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/** The commands of this package, for the agent's command line. */
public final class Commissioning {
  private Commissioning() {}

  /**
   * Adds them.
   *
   * @param drivers makes new drivers by URI scheme, for the folder where they keep what must
   *     survive
   */
  public static void addTo(CommandLine main, Function<Path, Map<String, DriverFactory>> drivers) {
    main.addSubcommand(new ReadCommand(drivers));
    main.addSubcommand(new WatchCommand(drivers));
    main.addSubcommand(new WriteCommand(drivers));
    main.addSubcommand(new ScanCommand(drivers));
    main.addSubcommand(new SheetCommand(drivers));
    main.addSubcommand(new ConfigureCommand());
    main.addSubcommand(new StatusCommand());
    main.addSubcommand(new BacklogCommand());
  }
}
