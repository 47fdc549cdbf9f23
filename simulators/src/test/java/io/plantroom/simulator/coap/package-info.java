@NullMarked
package io.plantroom.simulator.coap;

import org.jspecify.annotations.NullMarked;
