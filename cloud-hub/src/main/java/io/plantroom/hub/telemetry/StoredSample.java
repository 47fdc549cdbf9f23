package io.plantroom.hub.telemetry;

import io.plantroom.telemetry.Sample;

/**
 * A sample on its way into the database.
 *
 * @param sequence its number in the gateway's queue
 */
public record StoredSample(
    PointRef point, String siteId, Sample sample, long epoch, long sequence) {}
