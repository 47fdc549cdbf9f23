/** OPC UA: one server with a folder for each device. */
@NullMarked
package io.plantroom.simulator.opcua;

import org.jspecify.annotations.NullMarked;
