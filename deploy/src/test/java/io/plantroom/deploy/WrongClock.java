package io.plantroom.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A wall clock that can be moved under one process while it runs. A preloaded library of our own:
 * under libfaketime each look at the clock is so dear that the agent needs minutes to start.
 */
final class WrongClock {
  private final Path library;
  private final Path offset;

  /** Compiles the library; needs gcc. The clock is right at first. */
  WrongClock(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    library = folder.resolve("wrong-clock.so");
    offset = folder.resolve("offset");
    Path source = folder.resolve("wrong-clock.c");
    try (InputStream in =
        Objects.requireNonNull(WrongClock.class.getResourceAsStream("/clock/wrong-clock.c"))) {
      Files.copy(in, source);
    }
    Process gcc =
        new ProcessBuilder(
                "gcc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString())
            .inheritIO()
            .start();
    if (!gcc.waitFor(1, TimeUnit.MINUTES) || gcc.exitValue() != 0) {
      throw new IOException("wrong-clock.c cannot be compiled");
    }
    set(Duration.ZERO);
  }

  /** From its next start on the part sees this clock. */
  void under(Part part) {
    part.with("LD_PRELOAD", library.toString()).with("CLOCK_OFFSET_FILE", offset.toString());
  }

  /** Moves the clock at once. */
  void set(Duration off) throws IOException {
    ByteBuffer seconds = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    seconds.putLong(off.toSeconds()).flip();
    try (FileChannel file =
        FileChannel.open(offset, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(seconds, 0);
    }
  }
}
