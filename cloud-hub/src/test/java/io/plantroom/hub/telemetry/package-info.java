@NullMarked
package io.plantroom.hub.telemetry;

import org.jspecify.annotations.NullMarked;
