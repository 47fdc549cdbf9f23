package io.plantroom.hub.alarm;

import io.plantroom.hub.ingest.GatewayRef;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.Priority;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A condition that began.
 *
 * @param deviceId null for an alarm of the gateway itself
 * @param occurrence the same for the beginning and the end of one occurrence
 */
record AlarmSpec(
    GatewayRef gateway,
    @Nullable Integer deviceId,
    String key,
    String category,
    LocalText title,
    LocalText cause,
    LocalText advice,
    Priority priority,
    boolean latched,
    boolean workOrder,
    @Nullable String point,
    @Nullable String value,
    @Nullable String unit,
    UUID occurrence,
    Instant at) {}
