package io.plantroom.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** A real TimescaleDB from Debian's packages, unpacked and run by a script beside this module. */
public final class TimescaleDatabase implements DemoDatabase {
  private static final long MINUTES_TO_UNPACK = 5;

  private final Path script;
  private final Path folder;
  private final String password;
  private final int port;

  private TimescaleDatabase(Path script, Path folder, String password, int port) {
    this.script = script;
    this.folder = folder;
    this.password = password;
    this.port = port;
  }

  /**
   * Unpacks it where that has not been done yet, and starts it.
   *
   * @param folder for all its files; as root, one that user nobody may enter
   */
  public static TimescaleDatabase start(Path script, Path folder)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path secret = folder.resolve("password");
    if (!Files.exists(secret)) {
      byte[] bytes = new byte[16];
      new SecureRandom().nextBytes(bytes);
      Files.writeString(secret, HexFormat.of().formatHex(bytes));
    }
    TimescaleDatabase database =
        new TimescaleDatabase(script, folder, Files.readString(secret), Ports.free());
    database.run("start");
    return database;
  }

  /** Stops and starts it, so that settings hold that only a start takes up. */
  public void restart() throws IOException, InterruptedException {
    run("stop");
    run("start");
  }

  private void run(String command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(script.toString(), command).redirectErrorStream(true);
    // Who runs this as root in a folder that nobody else may enter names another one.
    builder
        .environment()
        .putIfAbsent("TS_ROOT", folder.resolve("root").toAbsolutePath().toString());
    builder.environment().put("TS_PORT", String.valueOf(port));
    builder.environment().put("TS_PASSWORD", password);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(MINUTES_TO_UNPACK, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("TimescaleDB: " + command + " failed:\n" + said);
    }
  }

  @Override
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/hub";
  }

  @Override
  public String user() {
    return "postgres";
  }

  @Override
  public String password() {
    return password;
  }

  @Override
  public String name() {
    return "TimescaleDB";
  }

  @Override
  public void close() throws IOException {
    try {
      run("stop");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
