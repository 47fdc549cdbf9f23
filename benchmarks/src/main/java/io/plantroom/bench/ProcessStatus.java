package io.plantroom.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's word about a process. Linux. */
public final class ProcessStatus {
  private ProcessStatus() {}

  /** A figure that the kernel tells in kB, such as {@code VmRSS} or {@code RssAnon}, in MB. */
  public static double megabytes(long pid, String name) throws IOException {
    return number(pid, name) / 1024.0;
  }

  /** A figure as the kernel tells it, such as {@code Threads}. */
  public static long number(long pid, String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("this kernel does not tell " + name);
  }
}
