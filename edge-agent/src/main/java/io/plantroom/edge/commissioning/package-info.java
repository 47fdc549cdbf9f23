/** Commands for whoever wires a plant room: find, read, watch, write down, sign. */
@NullMarked
package io.plantroom.edge.commissioning;

import org.jspecify.annotations.NullMarked;
