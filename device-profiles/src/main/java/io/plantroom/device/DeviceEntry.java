package io.plantroom.device;

import io.plantroom.profile.LocalText;
import io.plantroom.profile.Profile;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A device that a gateway is to ask, without a problem.
 *
 * @param key unique on its gateway
 * @param every period of its polls, not below what the profile allows
 * @param access by what the device knows the gateway
 */
public record DeviceEntry(
    String key,
    Profile profile,
    URI endpoint,
    Duration every,
    LocalText name,
    @Nullable LocalText location,
    @Nullable String serial,
    Access access) {}
