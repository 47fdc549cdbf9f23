/** The durable queue between the devices and the hub: one sequence for each lane. */
@NullMarked
package io.plantroom.edge.outbox;

import org.jspecify.annotations.NullMarked;
