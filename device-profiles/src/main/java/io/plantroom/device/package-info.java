/**
 * A device as a person writes it down: checked by the same code at the gateway, at the hub and by
 * the tools.
 */
@NullMarked
package io.plantroom.device;

import org.jspecify.annotations.NullMarked;
