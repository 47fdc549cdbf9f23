/** A device as protocol servers see it: what it shows now, and whether it is willing to answer. */
@NullMarked
package io.plantroom.simulator.device;

import org.jspecify.annotations.NullMarked;
