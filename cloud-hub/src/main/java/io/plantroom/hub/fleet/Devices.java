package io.plantroom.hub.fleet;

import io.plantroom.profile.LocalText;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Devices by the key their gateway uses. */
public final class Devices {
  private static final String MAKE =
      """
      INSERT INTO device (gateway_id, key, name_zh, name_en) VALUES (:gateway, :key, :key, :key)
      ON CONFLICT DO NOTHING""";
  private static final String FIND =
      """
      SELECT id, profile, name_zh, name_en FROM device WHERE gateway_id = :gateway AND key = :key""";

  private Devices() {}

  /** A device as others need to know it; without a profile until its gateway has named one. */
  public record Device(int id, @Nullable String profile, LocalText name) {
    /** The profile's id, when there is one. */
    public Optional<String> profileId() {
      return Optional.ofNullable(profile);
    }
  }

  /** The device, made when it was never heard of. */
  public static Device of(Handle handle, int gatewayId, String key) {
    return find(handle, gatewayId, key)
        .orElseGet(
            () -> {
              handle.createUpdate(MAKE).bind("gateway", gatewayId).bind("key", key).execute();
              return find(handle, gatewayId, key).orElseThrow();
            });
  }

  private static Optional<Device> find(Handle handle, int gatewayId, String key) {
    return handle
        .createQuery(FIND)
        .bind("gateway", gatewayId)
        .bind("key", key)
        .map(
            (rs, ctx) ->
                new Device(
                    rs.getInt("id"),
                    rs.getString("profile"),
                    new LocalText(rs.getString("name_zh"), rs.getString("name_en"))))
        .findOne();
  }
}
