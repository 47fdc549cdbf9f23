package io.plantroom.simulator;

import io.plantroom.profile.ProfileCatalog;
import io.plantroom.simulator.building.Building;
import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated building is made of.
 *
 * @param seed same seed, same course of everything
 * @param state folder that remembers when the building began; null: it begins anew at each start
 * @param bind address of the buses, loopback unless there is a reason; the fault API never leaves
 *     it
 * @param apiPort of the fault API, 0 for any free one
 * @param ledger where tally devices note what they answer; a building with such devices needs it
 */
public record Options(
    Building building,
    ProfileCatalog catalog,
    long seed,
    @Nullable Path state,
    String bind,
    int apiPort,
    InstantSource clock,
    @Nullable Path ledger) {

  /** The building that comes with the product, on free ports. */
  public static Options shipped() {
    ProfileCatalog catalog = ProfileCatalog.builtIn();
    try (InputStream in = Options.class.getResourceAsStream("/building.yaml")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return of(YamlFile.parse("building.yaml", text), catalog);
    } catch (YamlException e) {
      throw new IllegalStateException("the shipped building is wrong: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A building of one's own.
   *
   * @throws YamlException with all that is wrong in the file
   */
  public static Options of(YamlFile building, ProfileCatalog catalog) throws YamlException {
    return new Options(
        Building.load(building, catalog),
        catalog,
        1,
        null,
        "127.0.0.1",
        0,
        InstantSource.system(),
        null);
  }

  public Options withSeed(long other) {
    return new Options(building, catalog, other, state, bind, apiPort, clock, ledger);
  }

  public Options withState(@Nullable Path other) {
    return new Options(building, catalog, seed, other, bind, apiPort, clock, ledger);
  }

  public Options withBind(String other) {
    return new Options(building, catalog, seed, state, other, apiPort, clock, ledger);
  }

  public Options withApiPort(int other) {
    return new Options(building, catalog, seed, state, bind, other, clock, ledger);
  }

  public Options withClock(InstantSource other) {
    return new Options(building, catalog, seed, state, bind, apiPort, other, ledger);
  }

  public Options withLedger(@Nullable Path other) {
    return new Options(building, catalog, seed, state, bind, apiPort, clock, other);
  }
}
