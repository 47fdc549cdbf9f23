package io.plantroom.wire;

import java.time.Instant;

/**
 * What a gateway tells of itself every few seconds; never stored in order, the newest counts.
 *
 * @param online false only in the MQTT will, which the broker sends when the gateway is gone
 * @param backlogEvents records in the outbox that the hub has not committed
 */
public record GatewayStatus(
    Instant at,
    boolean online,
    String version,
    boolean clockTrusted,
    long backlogEvents,
    long backlogTelemetry,
    int devicesTotal,
    int devicesOnline) {}
