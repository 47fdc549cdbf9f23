/** Registers, readings at a cut-off, and what billing systems pull. */
@NullMarked
package io.plantroom.hub.metering;

import org.jspecify.annotations.NullMarked;
