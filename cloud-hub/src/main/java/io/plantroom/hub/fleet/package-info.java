/** Gateways and what they say of themselves and their devices. */
@NullMarked
package io.plantroom.hub.fleet;

import org.jspecify.annotations.NullMarked;
