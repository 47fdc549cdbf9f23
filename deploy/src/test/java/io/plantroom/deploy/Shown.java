package io.plantroom.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A value that a tally device has answered.
 *
 * @param number of the answer; all points of one answer have the same
 */
record Shown(String device, long number, String point, String value, Instant at) {

  /** All that was ever answered, as the simulator itself wrote it down. */
  static List<Shown> read(Path ledger) throws IOException {
    List<Shown> all = new ArrayList<>();
    for (String line : Files.readAllLines(ledger)) {
      String[] f = line.split(",", 5);
      all.add(new Shown(f[1], Long.parseLong(f[2]), f[3], f[4], Instant.parse(f[0])));
    }
    return all;
  }
}
