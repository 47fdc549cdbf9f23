package io.plantroom.edge.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the beginning of each file before the library does: where that is not what the library
 * wrote, it waits for half a minute for somebody to complete it, and then gives up or throws.
 */
final class FileHeads {
  private static final Logger LOGGER = LoggerFactory.getLogger(FileHeads.class);
  private static final int READY_META = 0x40000000;
  private static final int LENGTH = 0x3fffffff;
  private static final int LOOKED_AT = 256;

  private FileHeads() {}

  /** Moves files that are none into the folder {@code damaged} and tells their names. */
  static List<String> setAside(Path queue, Path damaged) throws IOException {
    List<String> names = new ArrayList<>();
    if (!Files.isDirectory(queue)) {
      return names;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(queue)) {
      files = all.filter(p -> p.toString().endsWith(".cq4")).sorted().toList();
    }
    for (Path file : files) {
      if (!isQueueFile(file)) {
        String name = file.getFileName().toString();
        Files.createDirectories(damaged);
        Files.move(file, damaged.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        names.add(name);
        LOGGER.atError().addKeyValue("file", name).log("a damaged file of the outbox is set aside");
      }
    }
    return names;
  }

  private static boolean isQueueFile(Path file) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(LOOKED_AT).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      in.read(head);
    }
    int first = head.getInt(0);
    return (first & ~LENGTH) == READY_META
        && (first & LENGTH) > 0
        && (first & LENGTH) < 1 << 16
        && new String(head.array(), StandardCharsets.ISO_8859_1).contains("SCQStore");
  }
}
