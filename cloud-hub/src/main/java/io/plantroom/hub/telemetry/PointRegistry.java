package io.plantroom.hub.telemetry;

import io.plantroom.hub.database.Database;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Ids of devices and points. What is seen for the first time is made, never dropped: a device the
 * gateway has not introduced yet has no profile until it does. Thread-safe.
 */
public final class PointRegistry {
  private final PointRows rows;

  /** By gateway, so that forgetting one of ten thousand costs no look at the others. */
  private final Map<Integer, Map<PointKey, PointRef>> known = new ConcurrentHashMap<>();

  public PointRegistry(ProfileCatalog profiles) {
    this.rows = new PointRows(profiles);
  }

  /** Drops what is remembered of a gateway, after its inventory has changed. */
  public void forget(int gatewayId) {
    known.remove(gatewayId);
  }

  /** Remembers what a transaction has made; to be called only after its commit. */
  public void remember(Map<PointKey, PointRef> made) {
    made.forEach(
        (key, ref) ->
            known.computeIfAbsent(key.gatewayId(), g -> new ConcurrentHashMap<>()).put(key, ref));
  }

  private Map<PointKey, PointRef> known(int gatewayId) {
    return known.getOrDefault(gatewayId, Map.of());
  }

  /** Samples of one gateway. */
  public record Wanted(int gatewayId, List<Sample> samples) {}

  /**
   * The point of each sample, in their order. However many gateways and points are new, a few
   * statements ask for all of them: the first minutes after the start of a hub are full of them.
   *
   * @param made what the transaction has made so far; what is found or made now is added
   */
  public List<List<PointRef>> resolve(
      Handle handle, List<Wanted> wanted, Map<PointKey, PointRef> made) {
    while (true) {
      Map<PointKey, Sample> unknown = new HashMap<>();
      List<List<PointRef>> refs = new ArrayList<>(wanted.size());
      for (Wanted w : wanted) {
        refs.add(refs(w, made, unknown));
      }
      if (unknown.isEmpty()) {
        return refs;
      }
      find(handle, unknown, made);
    }
  }

  /** Leaves out what is not known, which the caller will find in {@code unknown}. */
  private List<PointRef> refs(
      Wanted wanted, Map<PointKey, PointRef> made, Map<PointKey, Sample> unknown) {
    Names names = new Names(wanted.gatewayId(), made);
    List<PointRef> refs = new ArrayList<>(wanted.samples().size());
    for (Sample s : wanted.samples()) {
      PointRef ref = names.find(s);
      if (ref != null) {
        refs.add(ref);
      } else {
        // A sample with a value says more about the kind than one without.
        unknown.merge(
            new PointKey(wanted.gatewayId(), s.device(), s.point()),
            s,
            (a, b) -> a.value() == null ? b : a);
      }
    }
    return refs;
  }

  /** After a start of the hub nearly all of them exist already, so that is asked first. */
  private void find(Handle handle, Map<PointKey, Sample> unknown, Map<PointKey, PointRef> made) {
    made.putAll(rows.of(handle, unknown.keySet()));
    Map<PointKey, Sample> missing = new HashMap<>(unknown);
    missing.keySet().removeIf(made::containsKey);
    if (!missing.isEmpty()) {
      rows.make(handle, missing);
      made.putAll(rows.of(handle, missing.keySet()));
      if (!made.keySet().containsAll(missing.keySet())) {
        throw new IllegalStateException("some points were not made");
      }
    }
  }

  /**
   * Points of one frame by the name as an object: a decoded frame has one for each point, so most
   * samples need no hash of their texts.
   */
  private final class Names {
    private final int gatewayId;
    private final Map<PointKey, PointRef> ofGateway;
    private final Map<PointKey, PointRef> made;
    private final IdentityHashMap<String, Named> named = new IdentityHashMap<>();

    Names(int gatewayId, Map<PointKey, PointRef> made) {
      this.gatewayId = gatewayId;
      this.ofGateway = known(gatewayId);
      this.made = made;
    }

    @Nullable PointRef find(Sample s) {
      Named found = named.get(s.point());
      if (found != null && found.device().equals(s.device())) {
        return found.ref();
      }
      PointKey key = new PointKey(gatewayId, s.device(), s.point());
      PointRef ref = ofGateway.get(key);
      ref = ref == null ? made.get(key) : ref;
      if (ref != null) {
        named.put(s.point(), new Named(s.device(), ref));
      }
      return ref;
    }
  }

  private record Named(String device, PointRef ref) {}

  /** Those points of some samples that exist; none is made. */
  Map<PointKey, PointRef> known(Database database, int gatewayId, Iterable<Sample> samples) {
    Map<PointKey, PointRef> found = new HashMap<>();
    Map<PointKey, PointRef> ofGateway = known(gatewayId);
    List<PointKey> unknown = new ArrayList<>();
    for (Sample s : samples) {
      PointKey key = new PointKey(gatewayId, s.device(), s.point());
      PointRef ref = ofGateway.get(key);
      if (ref != null) {
        found.put(key, ref);
      } else {
        unknown.add(key);
      }
    }
    if (!unknown.isEmpty()) {
      Map<PointKey, PointRef> more = database.jdbi().withHandle(h -> rows.of(h, unknown));
      remember(more);
      found.putAll(more);
    }
    return found;
  }

  /** How the database writes a kind. */
  public static int code(PointKind kind) {
    return switch (kind) {
      case ANALOG -> 0;
      case COUNTER -> 1;
      case STATE -> 2;
      case TEXT -> 3;
    };
  }

  /**
   * What decides for how long the samples of a point are kept.
   *
   * @param seldom whether its profile has it read seldom
   */
  public static String retentionClass(PointKind kind, boolean seldom) {
    return switch (kind) {
      case ANALOG -> seldom ? "diagnostic" : "measurement";
      case COUNTER -> "register";
      case STATE -> "state";
      case TEXT -> "diagnostic";
    };
  }

  /** The kind of a code in the database. */
  public static PointKind kind(int code) {
    return switch (code) {
      case 0 -> PointKind.ANALOG;
      case 1 -> PointKind.COUNTER;
      case 2 -> PointKind.STATE;
      default -> PointKind.TEXT;
    };
  }

  /** What a value is of; a number when there is none. */
  static PointKind kind(@Nullable Value value) {
    if (value instanceof Value.Counter) {
      return PointKind.COUNTER;
    }
    if (value instanceof Value.State) {
      return PointKind.STATE;
    }
    return value instanceof Value.Text ? PointKind.TEXT : PointKind.ANALOG;
  }
}
