/** Samples: how they are stored, the latest of each point, series over time. */
@NullMarked
package io.plantroom.hub.telemetry;

import org.jspecify.annotations.NullMarked;
