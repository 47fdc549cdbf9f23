/** What it costs to keep samples on disk, against a plain file forced as often. */
@NullMarked
package io.plantroom.bench.outbox;

import org.jspecify.annotations.NullMarked;
