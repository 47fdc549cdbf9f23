package io.plantroom.edge.poll;

import io.plantroom.edge.config.DeviceConfig;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with a device.
 *
 * @param polls tries since the start, of which {@code misses} were not answered
 * @param overruns periods that were left out because polls took too long
 * @param late whether its last poll was one that took too long
 */
public record DeviceStatus(
    DeviceConfig device,
    LinkState link,
    long polls,
    long misses,
    long overruns,
    boolean late,
    @Nullable Instant lastAnswer) {
  public boolean online() {
    return link instanceof LinkState.Online;
  }
}
