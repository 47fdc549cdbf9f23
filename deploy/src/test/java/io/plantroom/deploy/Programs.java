package io.plantroom.deploy;

import java.io.File;
import java.util.Arrays;

/** Programs of this machine. */
final class Programs {
  private Programs() {}

  /** Where a program is, looking where daemons live as well; empty when it is not installed. */
  static String find(String program) {
    if (program.startsWith("/")) {
      return new File(program).canRead() ? program : "";
    }
    String path =
        System.getenv().getOrDefault("PATH", "")
            + File.pathSeparator
            + "/usr/sbin:/sbin:/usr/bin:/bin";
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .map(folder -> new File(folder, program))
        .filter(File::canExecute)
        .map(File::getPath)
        .findFirst()
        .orElse("");
  }
}
