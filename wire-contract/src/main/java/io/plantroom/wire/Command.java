package io.plantroom.wire;

import java.time.Instant;
import java.util.UUID;

/**
 * A value that is to be written to a device, once. Repeated by the hub until it is answered by
 * {@link Event.CommandResult}; the gateway remembers the id and writes at most once.
 *
 * @param value in the unit of the point, as text, so that nothing is rounded on the way
 * @param expires from then on it must not be written any more
 * @param by who asked for it, for the gateway's own trail
 */
public record Command(
    UUID id, String device, String point, String value, Instant expires, String by) {}
