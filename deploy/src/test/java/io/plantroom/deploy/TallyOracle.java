package io.plantroom.deploy;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares what the tally devices have answered, by their own ledger, with the hub's rows. Each
 * value must stand in exactly one row, unchanged, with a time between this answer and the next one
 * to the same caller, and at most {@link #LATEST} after it. What is missing must be explained by a
 * loss that the gateway told, or by an {@link Allowance}; nothing explains a row too many.
 */
final class TallyOracle {
  /** Between the answer and the agent's look at its clock; it may have stood still between. */
  static final Duration LATEST = Duration.ofSeconds(15);

  private static final int PRINTED = 60;

  private final List<ToldLoss> losses;
  private final List<Allowance> allowances;
  private final Map<String, NavigableMap<Long, Instant>> answers = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Integer> explained = new TreeMap<>();
  private final Map<Allowance.Missed, Set<Long>> inVain = new HashMap<>();
  private final long[] left;
  private int matched;

  private TallyOracle(List<ToldLoss> losses, List<Allowance> allowances) {
    this.losses = losses;
    this.allowances = allowances;
    this.left = losses.stream().mapToLong(ToldLoss::records).toArray();
  }

  /**
   * The outcome.
   *
   * @param matched values that stand once and right
   * @param explained missing values, counted by the reason why they may be
   * @param wrong every difference that nothing explains, in words
   */
  record Verdict(int matched, Map<String, Integer> explained, List<String> wrong) {
    @Override
    public String toString() {
      return matched
          + " values agree, missing with a reason "
          + explained
          + ", wrong "
          + wrong.size()
          + wrong.stream().limit(PRINTED).map(w -> "\n  " + w).collect(Collectors.joining())
          + (wrong.size() > PRINTED ? "\n  and so on" : "");
    }
  }

  static Verdict compare(
      List<Shown> shown, List<Stored> stored, List<ToldLoss> losses, List<Allowance> allowances) {
    TallyOracle oracle = new TallyOracle(losses, allowances);
    oracle.compare(shown, stored);
    return new Verdict(oracle.matched, oracle.explained, oracle.wrong);
  }

  private void compare(List<Shown> shown, List<Stored> stored) {
    Map<String, List<Stored>> rows = new HashMap<>();
    stored.forEach(r -> rows.computeIfAbsent(key(r), k -> new ArrayList<>()).add(r));
    for (Shown s : shown) {
      answers.computeIfAbsent(s.device(), d -> new TreeMap<>()).put(s.number(), s.at());
    }
    for (Shown s : shown) {
      List<Stored> found = rows.remove(key(s));
      if (found == null) {
        missing(s);
      } else if (found.size() > 1) {
        wrong.add("doubled: " + s + " stands as " + found);
      } else {
        judge(s, found.get(0));
      }
    }
    rows.values().forEach(r -> wrong.add("altered: no device has ever shown what stands as " + r));
  }

  private void judge(Shown s, Stored row) {
    if (row.timeKnown() && !inTime(s, row.at())) {
      wrong.add("mistimed: " + s + " stands as " + row);
    } else {
      matched++;
    }
  }

  /** The agent tells milliseconds. */
  private boolean inTime(Shown s, Instant at) {
    NavigableMap<Long, Instant> device = answers.getOrDefault(s.device(), new TreeMap<>());
    Map.@Nullable Entry<Long, Instant> next = device.higherEntry(s.number());
    return !at.isBefore(s.at().truncatedTo(ChronoUnit.MILLIS))
        && !at.isAfter(s.at().plus(LATEST))
        && (next == null || !at.isAfter(next.getValue()));
  }

  private void missing(Shown s) {
    String reason = reason(s);
    if (reason == null) {
      wrong.add("missing: " + s);
    } else {
      explained.merge(reason, 1, Integer::sum);
    }
  }

  private @Nullable String reason(Shown s) {
    for (Allowance allowance : allowances) {
      if (allows(allowance, s)) {
        return allowance.why();
      }
    }
    for (int i = 0; i < left.length; i++) {
      ToldLoss loss = losses.get(i);
      if (left[i] > 0 && covers(loss, s)) {
        left[i]--;
        return "told as lost: " + loss.reason();
      }
    }
    return null;
  }

  private boolean allows(Allowance allowance, Shown s) {
    if (allowance instanceof Allowance.Span span) {
      return !s.at().isBefore(span.from()) && !s.at().isAfter(span.to());
    }
    if (allowance instanceof Allowance.Missed missed) {
      return s.device().equals(missed.device())
          && !s.at().isBefore(missed.from())
          && !s.at().isAfter(missed.to())
          && among(missed, s.number());
    }
    Instant before = ((Allowance.InFlight) allowance).before();
    Map.@Nullable Entry<Long, Instant> next =
        answers.getOrDefault(s.device(), new TreeMap<>()).higherEntry(s.number());
    return s.at().isBefore(before) && (next == null || !next.getValue().isBefore(before));
  }

  /** An answer in vain is missing at all of its points, and counts once. */
  private boolean among(Allowance.Missed missed, long number) {
    Set<Long> numbers = inVain.computeIfAbsent(missed, m -> new HashSet<>());
    return numbers.contains(number) || (numbers.size() < missed.most() && numbers.add(number));
  }

  /** The agent's time of an answer is up to {@link #LATEST} after the device's. */
  private static boolean covers(ToldLoss loss, Shown s) {
    return (loss.oldest() == null || !s.at().plus(LATEST).isBefore(loss.oldest()))
        && (loss.newest() == null || !s.at().truncatedTo(ChronoUnit.MILLIS).isAfter(loss.newest()));
  }

  private static String key(Shown s) {
    return s.device() + ' ' + s.point() + ' ' + s.value();
  }

  private static String key(Stored r) {
    return r.device() + ' ' + r.point() + ' ' + r.value();
  }
}
