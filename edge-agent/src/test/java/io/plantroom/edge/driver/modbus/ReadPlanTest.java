package io.plantroom.edge.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.edge.driver.modbus.ReadPlan.Block;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.yaml.YamlException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadPlanTest {
  /** Blocks as {@code first+count}, of points {@code register:type} in holding registers. */
  private static List<String> plan(String limits, String... points) throws YamlException {
    StringBuilder yaml =
        new StringBuilder(
            """
            profile: plan
            maker: Test
            model: Plan
            category: sensor
            protocol: modbus
            name: { zh: 表, en: Plan }
            source: made for tests
            verified: false
            limits: { %s }
            points:
            """
                .formatted(limits));
    for (String p : points) {
      String[] parts = p.split(":", -1);
      yaml.append(
          """
            - name: p%s
              title: { zh: 点, en: P }
              kind: analog
              unit: V
              modbus: { table: %s, register: %s, type: %s }
          """
              .formatted(
                  parts[0],
                  parts[1].equals("bit") ? "coil" : "holding-register",
                  parts[0],
                  parts[1]));
    }
    Profile profile = ProfileLoader.parse("plan.yaml", yaml.toString());
    return ReadPlan.of(profile.points(), profile.limits()).stream()
        .map(ReadPlanTest::text)
        .toList();
  }

  private static String text(Block block) {
    return block.first() + "+" + block.count();
  }

  @Test
  void neighboursInAnyOrderAreOneRequest() throws YamlException {
    assertThat(plan("max-registers: 125", "4:uint32", "0:uint16", "1:uint16", "2:float32"))
        .containsExactly("0+6");
  }

  @Test
  void aGapIsBridgedUpToWhatTheDeviceBears() throws YamlException {
    assertThat(plan("bridge-gap: 3", "0:uint16", "4:uint16", "9:uint16"))
        .containsExactly("0+5", "9+1");
  }

  @Test
  void aPairIsNeverTornAtTheLimit() throws YamlException {
    assertThat(plan("max-registers: 4", "0:uint16", "1:uint16", "2:uint16", "3:uint32"))
        .containsExactly("0+3", "3+2");
  }

  @Test
  void unreadableRegistersAreNeverAskedFor() throws YamlException {
    assertThat(
            plan(
                "bridge-gap: 20, unreadable: [{ table: holding-register, from: 3, to: 3 }]",
                "0:uint32",
                "2:uint16",
                "4:uint16",
                "8:uint16"))
        .containsExactly("0+3", "4+5");
  }

  @Test
  void bitsHaveALimitOfTheirOwn() throws YamlException {
    assertThat(plan("max-registers: 1, bridge-gap: 100", "0:bit", "15:bit", "16:bit"))
        .containsExactly("0+16", "16+1");
  }

  @Test
  void aFullRequestIsUsedToItsLastRegister() throws YamlException {
    String[] points = new String[250];
    for (int i = 0; i < points.length; i++) {
      points[i] = i + ":uint16";
    }
    assertThat(plan("max-registers: 125", points)).containsExactly("0+125", "125+125");
  }
}
