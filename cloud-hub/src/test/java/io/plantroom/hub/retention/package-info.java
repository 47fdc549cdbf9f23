/** Tests of io.plantroom.hub.retention. */
@NullMarked
package io.plantroom.hub.retention;

import org.jspecify.annotations.NullMarked;
