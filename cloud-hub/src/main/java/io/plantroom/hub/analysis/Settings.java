package io.plantroom.hub.analysis;

import io.plantroom.profile.LocalText;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What belongs together at a site.
 *
 * @param subMeters equipment whose meters stand behind another meter and are not added to the site
 * @param pumpGroups pumps whose energy and volume are compared
 */
record Settings(List<String> subMeters, List<PumpGroup> pumpGroups) {
  static final Settings NONE = new Settings(List.of(), List.of());

  Settings {
    subMeters = subMeters == null ? List.of() : List.copyOf(subMeters);
    pumpGroups = pumpGroups == null ? List.of() : List.copyOf(pumpGroups);
  }

  /**
   * One pump, or several that work on one pipe.
   *
   * @param energy ids of the counter points of their energy
   * @param volume ids of the counter points of what they have moved
   * @param running states by which a pump says that it runs
   * @param ratedKw power of all of them together by their plates
   */
  record PumpGroup(
      String key,
      LocalText name,
      List<String> energy,
      List<String> volume,
      List<Running> running,
      @Nullable BigDecimal ratedKw) {
    PumpGroup {
      energy = energy == null ? List.of() : List.copyOf(energy);
      volume = volume == null ? List.of() : List.copyOf(volume);
      running = running == null ? List.of() : List.copyOf(running);
    }
  }

  /** A state point and the codes that mean running. */
  record Running(String pointId, List<Integer> codes) {}
}
