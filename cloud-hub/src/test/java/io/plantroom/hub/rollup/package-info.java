/** Tests of io.plantroom.hub.rollup. */
@NullMarked
package io.plantroom.hub.rollup;

import org.jspecify.annotations.NullMarked;
