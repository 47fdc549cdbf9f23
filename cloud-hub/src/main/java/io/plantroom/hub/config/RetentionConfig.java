package io.plantroom.hub.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * For how many days data is kept. Registers of meters, readings, alarms and the audit trail are
 * kept for ever, whatever stands here.
 *
 * @param measurement numbers; also what no class is known of
 * @param state codes of states
 * @param diagnostic texts, and points that are read seldom
 * @param sites other settings for some sites, by id
 */
public record RetentionConfig(
    Kept measurement, Kept state, Kept diagnostic, Map<String, SiteRetention> sites) {

  private static final Kept MEASUREMENT = new Kept(400, 400, 1100, 3650, 36_500);
  private static final Kept STATE = new Kept(1100, 1100, 1100, 3650, 36_500);
  private static final Kept DIAGNOSTIC = new Kept(100, 100, 400, 1100, 3650);

  /** A gateway may be away for a month before what it brings is too old. */
  private static final int LEAST = 32;

  private static final int MOST = 36_500;

  public RetentionConfig {
    measurement = measurement == null ? MEASUREMENT : measurement.or(MEASUREMENT);
    state = state == null ? STATE : state.or(STATE);
    diagnostic = diagnostic == null ? DIAGNOSTIC : diagnostic.or(DIAGNOSTIC);
    sites = sites == null ? Map.of() : Map.copyOf(sites);
    measurement.check("measurement");
    state.check("state");
    diagnostic.check("diagnostic");
    for (Map.Entry<String, SiteRetention> e : sites.entrySet()) {
      SiteRetention s = e.getValue();
      String at = "sites." + e.getKey() + ".";
      or(s.measurement(), measurement).check(at + "measurement");
      or(s.state(), state).check(at + "state");
      or(s.diagnostic(), diagnostic).check(at + "diagnostic");
    }
  }

  /** What holds when the file says nothing. */
  public static RetentionConfig usual() {
    return new RetentionConfig(MEASUREMENT, STATE, DIAGNOSTIC, Map.of());
  }

  /** What is different at one site. */
  public record SiteRetention(
      @Nullable Kept measurement, @Nullable Kept state, @Nullable Kept diagnostic) {}

  /**
   * Days, each from 32 to 36500; what is not said is as in general.
   *
   * @param minutes of rollups of a minute, {@code quarters} of 15 minutes, {@code hours} and {@code
   *     days} of theirs
   */
  public record Kept(
      @Nullable Integer samples,
      @Nullable Integer minutes,
      @Nullable Integer quarters,
      @Nullable Integer hours,
      @Nullable Integer days) {

    private Kept or(Kept other) {
      return new Kept(
          samples == null ? other.samples : samples,
          minutes == null ? other.minutes : minutes,
          quarters == null ? other.quarters : quarters,
          hours == null ? other.hours : hours,
          days == null ? other.days : days);
    }

    private void check(String at) {
      check(at + ".samples", samples);
      check(at + ".minutes", minutes);
      check(at + ".quarters", quarters);
      check(at + ".hours", hours);
      check(at + ".days", days);
    }

    private static void check(String at, @Nullable Integer days) {
      if (days == null || days < LEAST || days > MOST) {
        throw new IllegalArgumentException(
            at + " must be " + LEAST + " to " + MOST + " days, got " + days);
      }
    }
  }

  /** What holds for a class at a site; a class without settings is kept as measurements are. */
  public Kept of(String site, String pointClass) {
    SiteRetention own = sites.get(site);
    return switch (pointClass) {
      case "state" -> or(own == null ? null : own.state(), state);
      case "diagnostic" -> or(own == null ? null : own.diagnostic(), diagnostic);
      default -> or(own == null ? null : own.measurement(), measurement);
    };
  }

  private static Kept or(@Nullable Kept own, Kept general) {
    return own == null ? general : own.or(general);
  }
}
