package io.plantroom.hub.equipment;

import io.plantroom.profile.Category;
import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.Writable;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** To what a point may be set from here. */
record Settable(
    @Nullable String min, @Nullable String max, @Nullable String step, List<Integer> states) {

  /**
   * Null when it may not.
   *
   * @param allowed points that the gateway announces
   */
  static @Nullable Settable of(Profile profile, Point point, List<String> allowed) {
    Writable writable = point.writable();
    if (writable == null
        || profile.category() == Category.FIRE_PANEL
        || !allowed.contains(point.name())) {
      return null;
    }
    return new Settable(
        plain(writable.min()), plain(writable.max()), plain(writable.step()), writable.states());
  }

  private static @Nullable String plain(@Nullable BigDecimal number) {
    return number == null ? null : number.toPlainString();
  }
}
