/** Tests of io.plantroom.hub.analysis. */
@NullMarked
package io.plantroom.hub.analysis;

import org.jspecify.annotations.NullMarked;
