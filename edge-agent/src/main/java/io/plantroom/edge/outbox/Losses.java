package io.plantroom.edge.outbox;

import io.plantroom.wire.Event.LossReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an outbox has lost: the holes in its sequence, what the full disk has refused, and what the
 * hub is still to be told. Not thread-safe.
 */
final class Losses {
  private static final Logger LOGGER = LoggerFactory.getLogger(Losses.class);

  private final LossBook book;
  private final Holes holes = new Holes();
  private final Refusals refusals = new Refusals();

  Losses(Path folder) {
    book = new LossBook(folder);
  }

  /** On the disk it is known already, be it as part of a longer one. */
  boolean knows(Loss loss) {
    return book.knows(loss);
  }

  /** Puts a loss on the disk before it happens; it is to be {@link #add added} when it has. */
  void announce(Loss loss) throws IOException {
    book.add(loss);
  }

  /** It has happened: a hole, which is told even if it could not be put on the disk. */
  void add(Loss loss) {
    holes.add(loss.from(), loss.to());
    try {
      book.add(loss);
    } catch (IOException e) {
      // It is kept in memory and told; only a restart before that would forget the reason.
      LOGGER.atError().setCause(e).log("a loss cannot be written down");
    }
    LOGGER
        .atError()
        .addKeyValue("reason", loss.reason())
        .addKeyValue("from", loss.from())
        .addKeyValue("to", loss.to())
        .log("records of the outbox are lost");
  }

  /** Records that were written and can no longer be read. */
  void addDamaged(long from, long to) {
    add(new Loss(LossReason.DAMAGED, from, to, null, null, "found while reading"));
  }

  /** What was not taken because the disk was full. */
  Refusals refusals() {
    return refusals;
  }

  List<Loss> untold() {
    return book.untold();
  }

  void told(Loss loss) {
    try {
      book.told(loss);
    } catch (IOException e) {
      // After a restart it is told once more, which harms nobody.
      LOGGER.atWarn().setCause(e).log("it cannot be written down that a loss was told");
    }
  }

  /** The sequence itself, or the first one behind the hole it lies in. */
  long skip(long sequence) {
    return holes.skip(sequence);
  }

  /** Holes up to here cannot be met again. */
  void forgetBefore(long sequence) {
    holes.forgetBefore(sequence);
    book.forgetBefore(sequence);
  }

  /** Records lost since the outbox was opened. */
  long total() {
    return holes.total() + refusals.count();
  }
}
