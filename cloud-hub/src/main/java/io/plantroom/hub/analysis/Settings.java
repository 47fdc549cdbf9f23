package io.plantroom.hub.analysis;

import io.plantroom.profile.LocalText;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What belongs together at a site.
 *
 * @param subMeters equipment whose meters stand behind another meter and are not added to the site
 * @param behind the same, where it is said behind which one
 * @param pumpGroups pumps whose energy and volume are compared
 * @param version of what stands; when they are put, of what they were made from. 0 before the first
 */
record Settings(
    List<String> subMeters,
    List<Behind> behind,
    List<PumpGroup> pumpGroups,
    @Nullable Integer version) {
  static final Settings NONE = new Settings(List.of(), List.of(), List.of(), 0);

  Settings {
    subMeters = subMeters == null ? List.of() : List.copyOf(subMeters);
    behind = behind == null ? List.of() : List.copyOf(behind);
    pumpGroups = pumpGroups == null ? List.of() : List.copyOf(pumpGroups);
  }

  Settings of(@Nullable Integer other) {
    return new Settings(subMeters, behind, pumpGroups, other);
  }

  /** Equipment whose meters are not added to the site. */
  Set<String> leftOut() {
    Set<String> all = new HashSet<>(subMeters);
    behind.forEach(b -> all.add(b.meter()));
    return all;
  }

  /** Equipment whose meter stands behind that of another one. */
  record Behind(String meter, String main) {}

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
