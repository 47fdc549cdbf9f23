/** What it costs to be told by devices, against a bare client of the protocol's library. */
@NullMarked
package io.plantroom.bench.told;

import org.jspecify.annotations.NullMarked;
