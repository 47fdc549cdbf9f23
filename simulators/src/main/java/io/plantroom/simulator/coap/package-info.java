/** CoAP sensors: one UDP listener, each device below its own first path segment. */
@NullMarked
package io.plantroom.simulator.coap;

import org.jspecify.annotations.NullMarked;
