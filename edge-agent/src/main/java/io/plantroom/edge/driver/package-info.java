/** How a device is asked. Drivers read; scheduling, scaling and identity are the engine's. */
@NullMarked
package io.plantroom.edge.driver;

import org.jspecify.annotations.NullMarked;
