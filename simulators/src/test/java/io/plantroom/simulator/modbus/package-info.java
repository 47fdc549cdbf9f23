@NullMarked
package io.plantroom.simulator.modbus;

import org.jspecify.annotations.NullMarked;
