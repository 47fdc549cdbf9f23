/** Changes pushed to the consoles while they happen. */
@NullMarked
package io.plantroom.hub.live;

import org.jspecify.annotations.NullMarked;
