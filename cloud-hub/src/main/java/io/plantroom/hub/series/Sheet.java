package io.plantroom.hub.series;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows on their way into a file; none is held longer than it takes to write it. */
interface Sheet extends Closeable {
  /** Numbers and texts. A null leaves its cell empty. */
  void row(List<@Nullable Object> cells) throws IOException;
}
