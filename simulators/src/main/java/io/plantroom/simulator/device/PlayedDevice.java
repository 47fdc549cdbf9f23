package io.plantroom.simulator.device;

import io.plantroom.profile.BillingRegister;
import io.plantroom.profile.Point;
import io.plantroom.profile.PointAddress;
import io.plantroom.profile.Profile;
import io.plantroom.profile.Quantity;
import io.plantroom.profile.RegisterCodec;
import io.plantroom.profile.Simulation;
import io.plantroom.simulator.play.Counter;
import io.plantroom.simulator.play.Playback;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A device that follows its model's signals and can be made to fail. Thread-safe. */
public final class PlayedDevice implements Device {
  private final String key;
  private final Profile profile;
  private final Playback play;
  private final Instant since;
  private final InstantSource clock;
  private final Map<String, Instant> faultsUntil = new ConcurrentHashMap<>();
  private final Map<String, Long> faultsSince = new ConcurrentHashMap<>();
  private final Shifts shifts = new Shifts();
  private final Map<String, BigDecimal> set = new ConcurrentHashMap<>();
  private final List<Write> writes = new CopyOnWriteArrayList<>();

  /**
   * A device without faults.
   *
   * @param chance what distinguishes its course from that of others of its model
   * @param since the building's beginning; {@code clock} must not show anything earlier
   */
  public PlayedDevice(
      String key, Profile profile, long seed, String chance, Instant since, InstantSource clock) {
    this.key = key;
    this.profile = profile;
    this.play = new Playback(profile, seed, chance);
    this.since = since;
    this.clock = clock;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public Profile profile() {
    return profile;
  }

  @Override
  public Answering answering() {
    return on(Fault.HANG)
        ? Answering.HANG
        : on(Fault.EXCEPTION)
            ? Answering.EXCEPTION
            : on(Fault.SLOW) ? Answering.SLOW : Answering.PROMPT;
  }

  @Override
  public Moment now() {
    long millis = millis(clock.instant());
    Map<String, BigDecimal> forced = forced();
    long stopped = travelStopped(millis);
    return point ->
        play.show(point, play.travels(point) ? stopped : millis, forced, shifts.at(millis));
  }

  /** Points that the model calls writable are set for good, until the next one sets them. */
  @Override
  public boolean set(Point point, Quantity quantity) {
    BigDecimal value = quantity.number();
    if (point.writable() == null || value == null) {
      return false;
    }
    set.put(point.name(), value);
    writes.add(new Write(clock.instant(), point.name(), value));
    return true;
  }

  /** All that was set since the start, in its order. */
  public List<Write> writes() {
    return List.copyOf(writes);
  }

  /** The faults that can be shown: the model's own and those that every device has. */
  public List<String> faults() {
    List<String> names = new ArrayList<>(profile.simulation().faults().keySet());
    names.sort(null);
    Fault.GENERIC.stream().filter(f -> !names.contains(f)).forEach(names::add);
    return names;
  }

  /** The faults that are on. */
  public List<String> shown() {
    return faults().stream().filter(this::on).toList();
  }

  /**
   * Switches a fault on. A reset or a jump of counters happens at this moment, and again each time.
   *
   * @param duration after which it goes off by itself; null for never
   * @throws NoSuchElementException when this device cannot have this fault
   */
  public void show(String fault, @Nullable Duration duration) {
    require(fault);
    Instant now = clock.instant();
    if (!on(fault)) {
      faultsSince.put(fault, millis(now));
    }
    faultsUntil.put(fault, duration == null ? Instant.MAX : now.plus(duration));
    if (shiftsCounters(fault)) {
      shifts.set(millis(now), shift(fault, millis(now)));
      if (duration != null) {
        shifts.set(millis(now.plus(duration)), Map.of());
      }
    }
  }

  /**
   * Switches a fault off; counters that it moved go back to their own course.
   *
   * @throws NoSuchElementException when this device cannot have this fault
   */
  public void clear(String fault) {
    require(fault);
    if (faultsUntil.remove(fault) != null && shiftsCounters(fault)) {
      shifts.set(millis(clock.instant()), Map.of());
    }
  }

  /**
   * What the billing counters showed at that time, as read through the device's own registers.
   *
   * @throws IllegalArgumentException when the building did not exist yet
   */
  public Map<String, BigDecimal> registers(Instant at) {
    if (at.isBefore(since)) {
      throw new IllegalArgumentException(
          "the building begins at " + since + "; it knows nothing of " + at);
    }
    Map<String, BigDecimal> shown = new TreeMap<>();
    for (BillingRegister register : profile.billing()) {
      profile
          .point(register.point())
          .flatMap(
              p ->
                  play.show(p, millis(at), Map.of(), shifts.at(millis(at)))
                      .map(q -> seen(p, q, millis(at))))
          .ifPresent(value -> shown.put(register.point(), value));
    }
    return shown;
  }

  private BigDecimal seen(Point point, Quantity quantity, long millis) {
    Function<String, @Nullable BigDecimal> others =
        other ->
            profile
                .point(other)
                .flatMap(p -> play.show(p, millis, Map.of(), Map.of()))
                .map(Quantity::number)
                .orElse(null);
    Quantity seen = quantity;
    if (point.address() instanceof PointAddress.Modbus address) {
      int[] registers = new int[address.registers()];
      RegisterCodec.encode(address, point.raw(quantity, others), registers, 0);
      seen = point.quantity(RegisterCodec.decode(address, registers, 0), others);
    }
    return seen instanceof Quantity.Counter counter
        ? counter.value()
        : BigDecimal.valueOf(((Quantity.Analog) seen).value());
  }

  private Map<String, BigDecimal> shift(String fault, long millis) {
    Map<String, BigDecimal> moved = new HashMap<>();
    for (Map.Entry<String, Counter> c : play.counters().entrySet()) {
      moved.put(
          c.getKey(),
          fault.equals(Fault.COUNTER_RESET)
              ? c.getValue().at(millis).negate()
              : c.getValue().justBeforeRollover(millis));
    }
    return moved;
  }

  private Map<String, BigDecimal> forced() {
    Map<String, BigDecimal> forced = new HashMap<>(set);
    for (Map.Entry<String, Simulation.Fault> f : profile.simulation().faults().entrySet()) {
      if (on(f.getKey())) {
        forced.putAll(f.getValue().set());
      }
    }
    return forced;
  }

  /** A car that a fault holds by one of its sides stays where it was with the others. */
  private long travelStopped(long millis) {
    return profile.simulation().faults().entrySet().stream()
        .filter(f -> on(f.getKey()))
        .filter(
            f ->
                f.getValue().set().keySet().stream()
                    .anyMatch(p -> profile.point(p).filter(play::travels).isPresent()))
        .mapToLong(f -> faultsSince.getOrDefault(f.getKey(), millis))
        .min()
        .orElse(millis);
  }

  private boolean on(String fault) {
    return Optional.ofNullable(faultsUntil.get(fault))
        .filter(until -> clock.instant().isBefore(until))
        .isPresent();
  }

  private void require(String fault) {
    if (!faults().contains(fault)) {
      throw new NoSuchElementException(
          "device '"
              + key
              + "' has no fault '"
              + fault
              + "'; it has "
              + String.join(", ", faults()));
    }
  }

  private static boolean shiftsCounters(String fault) {
    return fault.equals(Fault.COUNTER_RESET) || fault.equals(Fault.COUNTER_ROLLOVER);
  }

  private long millis(Instant at) {
    return Math.max(0, Duration.between(since, at).toMillis());
  }
}
