/** Tests of io.plantroom.hub.ingest. */
@NullMarked
package io.plantroom.hub.ingest;

import org.jspecify.annotations.NullMarked;
