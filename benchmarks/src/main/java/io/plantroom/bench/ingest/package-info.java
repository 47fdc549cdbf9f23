/** What it costs to store frames, against the bare COPY of the same rows. */
@NullMarked
package io.plantroom.bench.ingest;

import org.jspecify.annotations.NullMarked;
