/**
 * A building that does not exist, with devices that really answer. {@link
 * io.plantroom.simulator.SimulatedBuilding} plays a whole site, {@link
 * io.plantroom.simulator.ProfileServer} lets one device show given values.
 */
@NullMarked
package io.plantroom.simulator;

import org.jspecify.annotations.NullMarked;
