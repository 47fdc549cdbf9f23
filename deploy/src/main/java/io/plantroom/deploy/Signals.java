package io.plantroom.deploy;

import java.io.IOException;

/** Signals that Java itself does not send. */
final class Signals {
  private Signals() {}

  /** A process that has ended meanwhile is no error. */
  static void send(String signal, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
