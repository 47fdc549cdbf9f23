package io.plantroom.hub.telemetry;

/** A point as the wire names it. */
public record PointKey(int gatewayId, String device, String point) {}
