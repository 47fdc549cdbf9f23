/** Frames in, one transaction, receipts out. */
@NullMarked
package io.plantroom.hub.ingest;

import org.jspecify.annotations.NullMarked;
