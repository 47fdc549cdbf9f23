package io.plantroom.edge.outbox;

import java.io.File;
import java.util.Map;
import java.util.TreeMap;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads entries in their order, also behind damage: where a file is garbage it goes on with the
 * next one. The library itself stops there, sometimes without a word, and hides all later files.
 * Not thread-safe.
 */
final class QueueReader {
  private static final Logger LOGGER = LoggerFactory.getLogger(QueueReader.class);
  private static final int SIGNPOST_EVERY = 64;

  private final SingleChronicleQueue queue;
  private final ExcerptTailer tailer;

  /** Where in the queue some sequences stand, so that a rewind need not read from the start. */
  private final TreeMap<Long, Long> signposts = new TreeMap<>();

  private int sinceSignpost;
  private int damages;

  QueueReader(SingleChronicleQueue queue) {
    this.queue = queue;
    tailer = queue.createTailer();
    tailer.singleThreadedCheckDisabled(true);
  }

  void signpost(long sequence, long index) {
    if (sinceSignpost++ % SIGNPOST_EVERY == 0) {
      signposts.put(sequence, index);
    }
  }

  /** Signposts before this sequence are not needed any more. */
  void forgetBefore(long sequence) {
    Long post = signposts.floorKey(sequence);
    if (post != null) {
      signposts.headMap(post).clear();
    }
  }

  void toStart() {
    tailer.toStart();
  }

  /** To the entry of this sequence, or some way before it. */
  void seek(long sequence) {
    Map.Entry<Long, Long> post = signposts.floorEntry(sequence);
    if (post == null || !tailer.moveToIndex(post.getValue())) {
      tailer.toStart();
    }
  }

  long index() {
    return tailer.index();
  }

  void moveTo(long index) {
    tailer.moveToIndex(index);
  }

  long lastReadIndex() {
    return tailer.lastReadIndex();
  }

  int lastReadCycle() {
    return queue.rollCycle().toCycle(tailer.lastReadIndex());
  }

  @Nullable File currentFile() {
    return tailer.currentFile();
  }

  /** How often a file broke off with an error. */
  int damages() {
    return damages;
  }

  /** The next entry, unchecked; null at the end of what is written. */
  byte @Nullable [] next() {
    while (true) {
      int cycle = queue.rollCycle().toCycle(tailer.index());
      try {
        byte[] read = read();
        if (read != null || !moveBehind(cycle)) {
          return read;
        }
      } catch (InternalError e) {
        throw new OutboxException("the disk of the outbox fails: " + e.getMessage(), e);
      } catch (RuntimeException e) {
        damages++;
        LOGGER.atError().setCause(e).log("a file of the outbox is damaged; its rest is left out");
        if (!moveBehind(cycle)) {
          return null;
        }
      }
    }
  }

  private boolean moveBehind(int cycle) {
    int newest = queue.lastCycle();
    for (int next = Math.max(cycle + 1, queue.firstCycle()); next <= newest; next++) {
      if (tailer.moveToCycle(next)) {
        return true;
      }
    }
    return false;
  }

  private byte @Nullable [] read() {
    try (DocumentContext document = tailer.readingDocument()) {
      if (!document.isPresent()) {
        return null;
      }
      Wire wire = document.wire();
      if (wire == null) {
        return new byte[0];
      }
      Bytes<?> in = wire.bytes();
      byte[] bytes = new byte[Math.toIntExact(in.readRemaining())];
      in.read(bytes);
      return bytes;
    }
  }
}
