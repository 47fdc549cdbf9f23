/** OPC UA over TCP. */
@NullMarked
package io.plantroom.edge.driver.opcua;

import org.jspecify.annotations.NullMarked;
