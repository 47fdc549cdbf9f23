package io.plantroom.bench.poll;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.wire.Event;
import io.plantroom.yaml.YamlException;
import java.net.URI;
import java.time.Duration;

/**
 * What is read from each device: blocks of registers too far apart to be read in one request.
 *
 * @param stride from one block to the next
 */
public record PollWork(int blocks, int perBlock, int stride, Duration every) {

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
