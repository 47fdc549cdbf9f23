/** Tests of io.plantroom.hub.metering. */
@NullMarked
package io.plantroom.hub.metering;

import org.jspecify.annotations.NullMarked;
