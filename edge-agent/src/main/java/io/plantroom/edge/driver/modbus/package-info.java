/** Modbus TCP, and RTU framing over TCP. */
@NullMarked
package io.plantroom.edge.driver.modbus;

import org.jspecify.annotations.NullMarked;
