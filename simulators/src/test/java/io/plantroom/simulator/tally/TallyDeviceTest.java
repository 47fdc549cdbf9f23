package io.plantroom.simulator.tally;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.procimg.Register;
import io.plantroom.simulator.Options;
import io.plantroom.simulator.SimulatedBuilding;
import io.plantroom.simulator.TestSite;
import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TallyDeviceTest {
  private static final String BUILDING =
      """
      site: { zh: 试验, en: Test }
      since: 2026-01-01T00:00:00Z
      buses: { modbus: { protocol: modbus } }
      devices:
        - key: tally-1
          profile: test-tally
          bus: modbus
          unit: 1
          tally: true
          name: { zh: 一, en: One }
          location: { zh: 这里, en: Here }
      """;

  private final Path file;

  TallyDeviceTest(@TempDir Path folder) {
    file = folder.resolve("ledger");
  }

  @Test
  void eachCallerIsToldANumberOfItsOwnAndTheLedgerHasThemAll() throws Exception {
    try (SimulatedBuilding building = SimulatedBuilding.start(options().withLedger(file))) {
      ExecutorService callers = Executors.newFixedThreadPool(2);
      List<Future<List<Long>>> told = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        told.add(callers.submit(() -> read(building.port("modbus"), 50)));
      }
      List<Long> numbers = new ArrayList<>();
      for (Future<List<Long>> t : told) {
        numbers.addAll(t.get());
      }
      callers.shutdown();
      assertThat(numbers).hasSize(100).doesNotHaveDuplicates();
      assertThat(ledger("tally")).containsExactlyInAnyOrderElementsOf(numbers).isSorted();
      assertThat(ledger("check"))
          .containsExactlyElementsOf(ledger("tally").stream().map(TallyDevice::check).toList());
    }
  }

  @Test
  void itGoesOnWhereTheLedgerEnds() throws Exception {
    try (SimulatedBuilding building = SimulatedBuilding.start(options().withLedger(file))) {
      assertThat(read(building.port("modbus"), 2)).containsExactly(1L, 2L);
    }
    try (SimulatedBuilding building = SimulatedBuilding.start(options().withLedger(file))) {
      assertThat(read(building.port("modbus"), 1)).containsExactly(3L);
    }
    assertThat(Files.readAllLines(file)).hasSize(6);
    assertThat(Instant.parse(Files.readAllLines(file).get(0).split(",", 2)[0]))
        .isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void aTallyWithoutALedgerIsRefused() throws Exception {
    Options none = options();
    assertThatThrownBy(() -> SimulatedBuilding.start(none))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tally-1")
        .hasMessageContaining("--ledger");
  }

  @Test
  void aFileThatIsNoLedgerIsNotWrittenInto() throws Exception {
    Files.writeString(file, "something else\n");
    assertThatThrownBy(() -> Ledger.open(file)).hasMessageContaining("not a ledger");
  }

  private static Options options() throws YamlException {
    return Options.of(YamlFile.parse("building.yaml", BUILDING), TestSite.catalog());
  }

  /** Reads both points at once, so many times. */
  private static List<Long> read(int port, int times) throws Exception {
    ModbusTCPMaster master = new ModbusTCPMaster("127.0.0.1", port, 10_000, false);
    master.connect();
    try {
      List<Long> numbers = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        Register[] words = master.readMultipleRegisters(1, 0, 4);
        long number = words[0].getValue() * 65536L + words[1].getValue();
        assertThat(words[2].getValue() * 65536L + words[3].getValue())
            .isEqualTo(TallyDevice.check(number));
        numbers.add(number);
      }
      return numbers;
    } finally {
      master.disconnect();
    }
  }

  private List<Long> ledger(String point) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.split(",", 5))
        .filter(fields -> fields[3].equals(point))
        .map(fields -> Long.parseLong(fields[4]))
        .toList();
  }
}
