/** Modbus TCP slaves: one listener per bus, many units behind it. */
@NullMarked
package io.plantroom.simulator.modbus;

import org.jspecify.annotations.NullMarked;
