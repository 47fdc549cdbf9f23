/**
 * How a device's points move in time: pure functions of seed, device and the time since the
 * building's beginning, so that two runs, and a run after a restart, agree on every value.
 */
@NullMarked
package io.plantroom.simulator.play;

import org.jspecify.annotations.NullMarked;
