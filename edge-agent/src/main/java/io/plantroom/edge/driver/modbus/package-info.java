/** Modbus TCP, RTU over TCP, and RTU on a serial line; see docs/decisions/009. */
@NullMarked
package io.plantroom.edge.driver.modbus;

import org.jspecify.annotations.NullMarked;
