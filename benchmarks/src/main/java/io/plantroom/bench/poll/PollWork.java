package io.plantroom.bench.poll;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.wire.Event;
import io.plantroom.yaml.YamlException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What is read from each device: blocks of registers too far apart to be read in one request.
 *
 * @param stride from one block to the next
 */
public record PollWork(int blocks, int perBlock, int stride, Duration every) {
  /** So short that it is always over when a poll ends. */
  static final Duration FAST = Duration.ofNanos(1000);

  /** What all measurements read: 50 registers in 5 blocks of 10. */
  public static PollWork every(Duration period) {
    return new PollWork(5, 10, 100, period);
  }

  /** A device at this port. */
  public DeviceConfig device(Profile profile, int port) {
    return new DeviceConfig(
        "bench-" + port,
        profile,
        URI.create("modbus-tcp://127.0.0.1:" + port + "?unit=1"),
        every,
        new Event.LocalName("基准", "Bench"),
        null,
        null);
  }

  public int points() {
    return blocks * perBlock;
  }

  public Profile profile() throws YamlException {
    return ProfileLoader.parse("bench.yaml", yaml());
  }

  /** As entries of an agent's list of devices, each indented by two. */
  public String entries(List<Integer> ports) {
    StringBuilder yaml = new StringBuilder();
    for (int port : ports) {
      yaml.append(
          """
            - key: bench-%d
              profile: bench-registers
              endpoint: modbus-tcp://127.0.0.1:%d?unit=1
              every: %dms
          """
              .formatted(port, port, every.toMillis()));
    }
    return yaml.toString();
  }

  /** As a profile's file. */
  public String yaml() {
    StringBuilder yaml =
        new StringBuilder(
            """
            profile: bench-registers
            maker: Bench
            model: Registers
            category: sensor
            protocol: modbus
            name: { zh: 基准, en: Bench }
            source: made for the benchmark
            verified: false
            points:
            """);
    for (int block = 0; block < blocks; block++) {
      for (int i = 0; i < perBlock; i++) {
        yaml.append(
            """
              - name: r%d
                title: { zh: 寄存器, en: Register }
                kind: analog
                unit: "1"
                modbus: { table: holding-register, register: %d, type: uint16 }
            """
                .formatted(block * perBlock + i, block * stride + i));
      }
    }
    return yaml.toString();
  }
}
