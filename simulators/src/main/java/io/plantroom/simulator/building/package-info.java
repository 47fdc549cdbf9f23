/** The scripted building: which devices there are, on which bus, and where they stand. */
@NullMarked
package io.plantroom.simulator.building;

import org.jspecify.annotations.NullMarked;
