package io.plantroom.hub.telemetry;

import io.plantroom.profile.PointKind;

/** A point as the database knows it. */
public record PointRef(int id, int deviceId, String name, PointKind kind) {}
