package io.plantroom.profile;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A value that somebody wants a point to have, held against what the model allows. Hub and gateway
 * judge by this same class.
 *
 * @param quantity what is to be written; null exactly when there is a problem
 */
public record Setting(@Nullable Quantity quantity, @Nullable Problem problem) {
  private static final int MOST_DIGITS = 40;

  /** Why a value cannot be written. */
  public enum Problem {
    /** The model does not say that the point may be written. */
    NOT_WRITABLE,
    /** Fire equipment is only listened to, whatever else is said. */
    FIRE,
    NOT_A_NUMBER,
    OUT_OF_BOUNDS,
    NOT_A_STEP,
    NOT_A_STATE
  }

  /**
   * Judges a value.
   *
   * @param text a number in the unit of the point, or the code of a state
   */
  public static Setting of(Profile profile, Point point, String text) {
    if (profile.category() == Category.FIRE_PANEL) {
      return no(Problem.FIRE);
    }
    Writable writable = point.writable();
    if (writable == null) {
      return no(Problem.NOT_WRITABLE);
    }
    BigDecimal value = number(text);
    if (value == null) {
      return no(Problem.NOT_A_NUMBER);
    }
    return point.kind() == PointKind.STATE ? state(writable, value) : analog(writable, value);
  }

  private static @Nullable BigDecimal number(String text) {
    if (!text.matches("-?[0-9]{1,18}([.][0-9]{1,9})?") || text.length() > MOST_DIGITS) {
      return null;
    }
    return new BigDecimal(text);
  }

  private static Setting state(Writable writable, BigDecimal value) {
    for (int code : writable.states()) {
      if (value.compareTo(BigDecimal.valueOf(code)) == 0) {
        return new Setting(new Quantity.State(code), null);
      }
    }
    return no(Problem.NOT_A_STATE);
  }

  private static Setting analog(Writable writable, BigDecimal value) {
    BigDecimal min = writable.min();
    BigDecimal max = writable.max();
    if (min == null || max == null || value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      return no(Problem.OUT_OF_BOUNDS);
    }
    BigDecimal step = writable.step();
    if (step != null && value.subtract(min).remainder(step).signum() != 0) {
      return no(Problem.NOT_A_STEP);
    }
    return new Setting(new Quantity.Analog(value.doubleValue()), null);
  }

  private static Setting no(Problem problem) {
    return new Setting(null, problem);
  }
}
