package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes while samples are on their way. What a receipt has promised must be there
 * afterwards, and what the gateway has handed out must never be numbered anew.
 */
@Needs(
    value = {"mkfs.xfs", "xfs_io", "mount"},
    root = true)
@Tag("faults")
class PowerCutIT {
  private static final Duration START = Duration.ofSeconds(60);

  /** What is promised: twice the flush interval, which is 1 s here, and a second. */
  private static final Duration UNFORCED = Duration.ofSeconds(3);

  private static final int CUTS = Integer.getInteger("faults.rounds", 2);

  @Test
  void aGatewayWithoutPowerLosesNothingThatItHandedOut(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("system");
    Path disk = Files.createDirectories(data.resolve("agent/data"));
    try (CuttableDisk power = CuttableDisk.mount(folder.resolve("disk"), disk);
        DemoSystem system = RunningSystem.start(data)) {
      Books books = new Books(system);
      books.awaitProgressBeyond(0);
      for (int i = 0; i < CUTS; i++) {
        Set<String> epochs = books.epochs();
        Instant cut = Instant.now();
        power.cut();
        system.agent().kill();
        books.allow(
            new Allowance.Span(
                "not yet forced when the power went", cut.minus(UNFORCED), Instant.now()));
        long committed = books.telemetryMark();
        power.powerOn();
        system.agent().start();
        system.agent().awaitReady(START);
        assertThat(books.epochs()).as("the queues of before, no new ones").isEqualTo(epochs);
        assertThat(books.status().at("/lanes/telemetry/last").asLong())
            .as("what the hub has, the gateway still knows of")
            .isGreaterThanOrEqualTo(committed);
        books.awaitProgressBeyond(committed);
      }
      books.awaitAgreement();
      system.agent().close();
    }
  }

  @Test
  void aDatabaseWithoutPowerKeepsWhatItsReceiptsPromised(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("system");
    Path disk = Files.createDirectories(data.resolve("database"));
    try (CuttableDisk power = CuttableDisk.mount(folder.resolve("disk"), disk);
        DemoSystem system = RunningSystem.start(data)) {
      EmbeddedDatabase database = (EmbeddedDatabase) system.database();
      Books books = new Books(system);
      books.awaitProgressBeyond(0);
      for (int i = 0; i < CUTS; i++) {
        long released = books.status().at("/lanes/telemetry/released").asLong();
        power.cut();
        database.crash();
        power.powerOn();
        database.restart();
        assertThat(books.telemetryMark())
            .as("all that the gateway was told is committed")
            .isGreaterThanOrEqualTo(released);
        books.awaitProgressBeyond(books.telemetryMark());
      }
      books.awaitAgreement();
    }
  }
}
