package io.plantroom.hub.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** A {@link Use} as the API tells it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record UseView(@Nullable String amount, double coverage, double estimatedShare, int resets) {
  static UseView of(Use use) {
    return new UseView(use.text(), use.coverage(), use.estimatedShare(), use.resets());
  }
}
