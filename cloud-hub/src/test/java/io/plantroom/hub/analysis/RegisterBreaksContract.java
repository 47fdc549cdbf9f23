package io.plantroom.hub.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where registers fall is noted as samples come, in whatever order; held against all of them. */
abstract class RegisterBreaksContract {
  private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
  private static final int METERS = 6;

  /** A new, empty database. */
  abstract DatabaseConfig fresh();

  @TempDir Path folder = Path.of(".");

  @Test
  void whateverTheOrderOfTheSamplesTheNotedFallsAreThoseOfTheWholeRegister() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (MeteredSite site =
        new MeteredSite(folder, fresh(), Instant.parse("2026-11-20T00:00:00Z"))) {
      Map<String, String> devices = new TreeMap<>();
      List<Sample> all = new ArrayList<>();
      for (int i = 0; i < METERS; i++) {
        devices.put("m" + i, "eastron-sdm630");
        all.addAll(life("m" + i, random));
      }
      site.devices("gw-a", devices);
      List<Sample> coming = new ArrayList<>(all);
      // Mostly in order, some much later.
      Collections.shuffle(coming.subList(coming.size() / 3, coming.size()), random);
      for (int done = 0; done < coming.size(); ) {
        int next = Math.min(coming.size(), done + 1 + random.nextInt(40));
        site.hub.samples("gw-a", coming.subList(done, next));
        done = next;
      }

      List<String> expected = new ArrayList<>();
      for (String device : devices.keySet()) {
        expected.addAll(falls(device, all));
      }
      List<String> noted =
          site.hub
              .database()
              .jdbi()
              .withHandle(
                  h ->
                      h.createQuery(
                              """
                              SELECT d.key, prev_ts, b.ts, stray_from, stray_to FROM register_break b
                                JOIN point p ON p.id = b.point_id JOIN device d ON d.id = p.device_id
                               ORDER BY d.key, b.ts""")
                          .map(
                              (rs, ctx) ->
                                  rs.getString(1)
                                      + " "
                                      + instant(rs.getTimestamp(2))
                                      + " "
                                      + instant(rs.getTimestamp(3))
                                      + " "
                                      + instant(rs.getTimestamp(4))
                                      + " "
                                      + instant(rs.getTimestamp(5)))
                          .list());

      assertThat(noted).as("seed %d", seed).containsExactlyElementsOf(expected);
      assertThat(noted).as("seed %d falls at all", seed).hasSizeGreaterThan(METERS);
    }
  }

  private static @Nullable Instant instant(@Nullable Timestamp at) {
    return at == null ? null : at.toInstant();
  }

  /** A register that rises, falls, dips, jumps and is sometimes bad. */
  private static List<Sample> life(String device, Random random) {
    List<Sample> samples = new ArrayList<>();
    Instant at = BEGIN;
    int value = random.nextInt(1000);
    for (int i = 0; i < 150; i++) {
      at = at.plus(Duration.ofMinutes(1 + random.nextInt(25)));
      value = random.nextInt(25) == 0 ? random.nextInt(30) : value + random.nextInt(3);
      int shown =
          switch (random.nextInt(30)) {
            case 0 -> 0;
            case 1 -> value * 3 + 500;
            default -> value;
          };
      samples.add(
          random.nextInt(15) == 0
              ? Sample.bad(device, "energy-import", at, Cause.TIMEOUT)
              : Sample.good(
                  device, "energy-import", at, new Value.Counter(BigDecimal.valueOf(shown))));
    }
    return samples;
  }

  /** The same by looking at every sample, as the migration's comment says it. */
  private static List<String> falls(String device, List<Sample> all) {
    List<Sample> good =
        all.stream().filter(s -> s.device().equals(device) && s.value() != null).toList();
    List<String> falls = new ArrayList<>();
    for (int i = 1; i < good.size(); i++) {
      if (number(good, i).compareTo(number(good, i - 1)) < 0) {
        int up = i - 1;
        while (up >= 0 && number(good, up).compareTo(number(good, i)) > 0) {
          up--;
        }
        int down = i;
        while (down < good.size() && number(good, down).compareTo(number(good, i - 1)) < 0) {
          down++;
        }
        Instant from = null;
        Instant to = null;
        Instant ts = good.get(i).at();
        if (up >= 0 && !good.get(up).at().isBefore(ts.minus(Duration.ofHours(1)))) {
          from = good.get(up + 1).at();
          to = good.get(i - 1).at();
        } else if (down < good.size()
            && !good.get(down).at().isAfter(ts.plus(Duration.ofHours(1)))) {
          from = ts;
          to = good.get(down - 1).at();
        }
        falls.add(device + " " + good.get(i - 1).at() + " " + ts + " " + from + " " + to);
      }
    }
    return falls;
  }

  private static BigDecimal number(List<Sample> samples, int i) {
    return samples.get(i).value() instanceof Value.Counter c ? c.value() : BigDecimal.ZERO;
  }
}
