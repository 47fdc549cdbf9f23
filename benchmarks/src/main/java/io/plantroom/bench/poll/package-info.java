/** What it costs to read devices, against the bare loop of the protocol library. */
@NullMarked
package io.plantroom.bench.poll;

import org.jspecify.annotations.NullMarked;
