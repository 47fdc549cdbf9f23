package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoverTest {
  private @Nullable Process process;

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void aPartOfAKilledRunIsEnded(@TempDir Path run) throws Exception {
    Process left = sleep(run.resolve("hub.ready").toString());
    Files.writeString(run.resolve("hub.pid"), left.pid() + "\n");
    Leftover.endParts(run);
    assertThat(left.isAlive()).isFalse();
    assertThat(run.resolve("hub.pid")).doesNotExist();
  }

  @Test
  void aStrangerWithAnOldPidIsLeftAlone(@TempDir Path run) throws Exception {
    Process stranger = sleep("something else");
    Files.writeString(run.resolve("hub.pid"), stranger.pid() + "\n");
    Leftover.endParts(run);
    assertThat(stranger.isAlive()).isTrue();
  }

  /** A process that lives for a while and carries a word among its arguments. */
  private Process sleep(String word) throws IOException {
    Process started = new ProcessBuilder("sh", "-c", "sleep 60; :", "sh", word).start();
    process = started;
    return started;
  }
}
