/** The agent on the gateway box: reads devices, keeps what they said, brings it to the hub. */
@NullMarked
package io.plantroom.edge;

import org.jspecify.annotations.NullMarked;
