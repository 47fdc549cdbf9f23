/** Measurements of the whole, each beside a limit or a peer in the same run. */
@NullMarked
package io.plantroom.bench;

import org.jspecify.annotations.NullMarked;
