package io.plantroom.bench.told;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.profile.Protocol;
import io.plantroom.simulator.device.Device;
import io.plantroom.wire.Event;
import io.plantroom.yaml.YamlException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Who tells what.
 *
 * @param every period of the values' changes
 * @param hosts how many servers the devices are spread over. A CoAP server may tell one peer some
 *     265 messages a second for ever: their numbers have 16 bits, and one may only be used again
 *     after 247 s (RFC 7252, 4.8.2)
 */
record ToldWork(Protocol protocol, int devices, int pointsEach, Duration every, int hosts) {
  /** 10,000 items. */
  static final ToldWork OPC_UA = new ToldWork(Protocol.OPC_UA, 100, 100, Duration.ofSeconds(1), 1);

  /** 2,000 observations. */
  static final ToldWork COAP = new ToldWork(Protocol.COAP, 2000, 1, Duration.ofSeconds(1), 20);

  static ToldWork of(String name) {
    return name.equals("opcua") ? OPC_UA : COAP;
  }

  int items() {
    return devices * pointsEach;
  }

  String key(int device) {
    return "clock-" + device;
  }

  String path(int device) {
    return "/" + key(device) + "/3303/0/5700";
  }

  /** Which of the ports, one for each host, a device has. */
  int port(int device, List<Integer> ports) {
    return ports.get(device % ports.size());
  }

  /** One host's side. */
  List<Device> clockworks(int host) throws YamlException {
    Profile profile = profile();
    List<Device> all = new ArrayList<>();
    for (int i = host; i < devices; i += hosts) {
      long phase = every.toMillis() * i / devices;
      all.add(new Clockwork(key(i), profile, every.toMillis(), phase));
    }
    return all;
  }

  /** The agent's side. */
  List<DeviceConfig> configured(List<Integer> ports) throws YamlException {
    Profile profile = profile();
    List<DeviceConfig> all = new ArrayList<>();
    for (int i = 0; i < devices; i++) {
      int port = port(i, ports);
      String at =
          protocol == Protocol.OPC_UA
              ? "opc.tcp://127.0.0.1:" + port + "/plantroom?device=" + key(i)
              : "coap://127.0.0.1:" + port + "?device=" + key(i);
      all.add(
          new DeviceConfig(
              key(i),
              profile,
              URI.create(at),
              every,
              new Event.LocalName("基准", "Bench"),
              null,
              null));
    }
    return all;
  }

  private Profile profile() throws YamlException {
    StringBuilder yaml =
        new StringBuilder(
            """
            profile: bench-clockwork
            maker: Bench
            model: Clockwork
            category: sensor
            protocol: %s
            name: { zh: 基准, en: Bench }
            source: made for the benchmark
            verified: false
            points:
            """
                .formatted(protocol == Protocol.OPC_UA ? "opc-ua" : "coap"));
    for (int i = 0; i < pointsEach; i++) {
      String address =
          protocol == Protocol.OPC_UA
              ? "opc-ua: { node: \"ns=2;s={device}.P" + i + "\" }"
              : "coap: { path: \"/{device}/3303/0/5700\", observe: true }";
      yaml.append(
          """
            - name: p%d
              title: { zh: 时刻, en: Moment }
              kind: analog
              unit: "1"
              %s
          """
              .formatted(i, address));
    }
    return ProfileLoader.parse("bench-clockwork.yaml", yaml.toString());
  }
}
