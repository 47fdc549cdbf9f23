package io.plantroom.simulator.tally;

import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.device.Answering;
import io.plantroom.simulator.device.Device;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Gives the next number to each caller, so that no answer can be mistaken for another. Counters and
 * states show the number itself, measured values its {@link #check}, texts both. Who asks for one
 * point has been answered all of them, so a caller reads a tally by one request. Thread-safe.
 */
public final class TallyDevice implements Device {
  private static final long MODULUS = 1L << 32;

  /** Odd, so that no two numbers below 2^32 have the same check. */
  private static final long FACTOR = 2_654_435_761L;

  private final Device plain;
  private final Ledger ledger;
  private final InstantSource clock;
  private long number;

  /**
   * A tally in place of a device.
   *
   * @param plain gives its key, its model and its willingness to answer
   */
  public TallyDevice(Device plain, Ledger ledger, InstantSource clock) {
    this.plain = plain;
    this.ledger = ledger;
    this.clock = clock;
    this.number = ledger.last(plain.key());
  }

  /** A number that only this one has, far from those of its neighbours. */
  public static long check(long number) {
    return number * FACTOR % MODULUS;
  }

  @Override
  public String key() {
    return plain.key();
  }

  @Override
  public Profile profile() {
    return plain.profile();
  }

  @Override
  public Answering answering() {
    return plain.answering();
  }

  /** A subscriber would use up numbers that it is never told. */
  @Override
  public boolean tells() {
    return false;
  }

  /** What the last caller was told. */
  @Override
  public synchronized Moment now() {
    long shown = number;
    return point -> Optional.of(quantity(point, shown));
  }

  @Override
  public synchronized Moment asked() {
    Instant at = clock.instant();
    Map<String, String> values = new LinkedHashMap<>();
    for (Point point : plain.profile().points()) {
      values.put(point.name(), text(quantity(point, number + 1)));
    }
    ledger.note(at, key(), number + 1, values);
    number++;
    return now();
  }

  private static Quantity quantity(Point point, long number) {
    return switch (point.kind()) {
      case ANALOG -> new Quantity.Analog(check(number));
      case COUNTER -> new Quantity.Counter(BigDecimal.valueOf(number));
      case STATE -> new Quantity.State((int) number);
      case TEXT -> new Quantity.Text(number + "/" + check(number));
    };
  }

  private static String text(Quantity quantity) {
    if (quantity instanceof Quantity.Analog analog) {
      return BigDecimal.valueOf((long) analog.value()).toPlainString();
    }
    if (quantity instanceof Quantity.Counter counter) {
      return counter.value().toPlainString();
    }
    return quantity instanceof Quantity.State state
        ? String.valueOf(state.code())
        : ((Quantity.Text) quantity).text();
  }
}
