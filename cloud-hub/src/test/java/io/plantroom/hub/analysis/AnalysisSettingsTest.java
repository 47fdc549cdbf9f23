package io.plantroom.hub.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.hub.ApiClient;
import io.plantroom.hub.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** How the analysis of a site is set up: what stands, what stood, and who was first. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnalysisSettingsTest {
  private static final String PLAN =
      """
      {"medium":"electricity","validFrom":"%s","otherwise":"%s","rules":[]}""";

  @TempDir static Path folder = Path.of(".");
  private final Map<String, String> equipment = new HashMap<>();
  private MeteredSite site;

  @BeforeAll
  void start() throws Exception {
    site = new MeteredSite(folder, TestDatabase.fresh(), Instant.parse("2026-11-20T00:00:00Z"));
    site.devices(
        "gw-a",
        Map.of("main", "acrel-dtsd1352", "part", "eastron-sdm630", "pump", "grundfos-cim-pump"));
    site.counter(
        "gw-a",
        "main",
        "energy-import",
        List.of(MeteredSite.at(Instant.parse("2026-11-01T00:00:00Z"), "1")));
    site.counter(
        "gw-a",
        "pump",
        "volume",
        List.of(MeteredSite.at(Instant.parse("2026-11-01T00:00:00Z"), "1")));
    for (JsonNode e : site.admin.get("/equipment").json()) {
      equipment.put(e.get("device").asText(), e.get("id").asText());
    }
  }

  @AfterAll
  void stop() {
    site.close();
  }

  @Test
  void everyVersionOfAPlanIsKeptAndAWithdrawnOneNoLongerStands() throws Exception {
    put(PLAN.formatted("2026-01-01", "flat"));
    put(PLAN.formatted("2026-01-01", "valley"));
    put(PLAN.formatted("2026-05-01", "peak"));

    assertThat(standing("/tariffs")).containsExactly("2026-01-01 2 valley", "2026-05-01 1 peak");
    put(PLAN.formatted("2026-05-01", "peak").replace("{", "{\"withdrawn\":true,"));
    assertThat(standing("/tariffs")).containsExactly("2026-01-01 2 valley");
    assertThat(standing("/tariffs?versions=all"))
        .containsExactly(
            "2026-01-01 2 valley", "2026-01-01 1 flat", "2026-05-01 2 peak", "2026-05-01 1 peak");
    put(PLAN.formatted("2026-05-01", "sharp"));
    assertThat(standing("/tariffs")).containsExactly("2026-01-01 2 valley", "2026-05-01 3 sharp");
  }

  @Test
  void aRefusalNamesTheFieldThatIsWrong() throws Exception {
    String wrong =
        """
        {"medium":"gas","validFrom":"2026-01-01","otherwise":"flat","rules":[
          {"band":"peak","from":"08:00","to":"20:00"},{"band":"valley","from":"22:00","to":"06:00"}]}""";

    assertThat(refused("POST", "/tariffs", wrong)).isEqualTo("rules[1]");
    assertThat(refused("POST", "/tariffs", PLAN.formatted("2026-02-30", "flat")))
        .isEqualTo("validFrom");
    assertThat(
            refused(
                "POST",
                "/tariffs",
                PLAN.formatted("2026-01-01", "flat").replace("electricity", "gas")))
        .isEqualTo("medium");
    assertThat(refused("PUT", "/analysis", "{\"subMeters\":[\"99999\"]}")).isEqualTo("subMeters");
  }

  @Test
  void whoWasOvertakenIsToldAndNothingIsLost() throws Exception {
    JsonNode standing = site.admin.get("/sites/site-a/analysis").json();
    String from = "{\"version\":%s,\"subMeters\":[\"%s\"]}";
    int version = standing.get("version").asInt();

    ApiClient.Answer first = analysis(from.formatted(version, equipment("part")));
    ApiClient.Answer second = analysis(from.formatted(version, equipment("main")));

    assertThat(first.json().get("version").asInt()).isEqualTo(version + 1);
    assertThat(second.status()).isEqualTo(409);
    assertThat(site.admin.get("/sites/site-a/analysis").json().at("/subMeters/0").asText())
        .isEqualTo(equipment("part"));
  }

  @Test
  void aMeterStandsBehindOneOtherAndNeverInACircle() throws Exception {
    String main = equipment("main");
    String part = equipment("part");
    String pump = equipment("pump");

    ApiClient.Answer put = analysis(behind(part, main, pump, part));

    assertThat(put.status()).as(put.response().body()).isEqualTo(200);
    assertThat(put.json().at("/behind/0/main").asText()).isEqualTo(main);
    assertThat(refused("PUT", "/analysis", behind(part, main, main, part))).isEqualTo("behind");
    assertThat(refused("PUT", "/analysis", behind(part, part, main, pump))).isEqualTo("behind");
    assertThat(refused("PUT", "/analysis", behind(part, main, part, pump))).isEqualTo("behind");
    assertThat(refused("PUT", "/analysis", behind(part, "99999", pump, part))).isEqualTo("behind");
  }

  @Test
  void pointsToPickFromAreThoseThatFitAPumpGroup() throws Exception {
    JsonNode points = site.admin.get("/sites/site-a/analysis/points").json();

    List<String> found = new ArrayList<>();
    for (JsonNode p : points) {
      found.add(
          p.at("/equipmentName/en").asText()
              + " "
              + p.get("name").asText()
              + " "
              + p.get("use").asText());
    }
    assertThat(found).contains("main energy-import energy", "pump volume volume");
    assertThat(site.admin.get("/sites/nowhere/analysis/points").status()).isEqualTo(404);
  }

  private String equipment(String device) {
    return Objects.requireNonNull(equipment.get(device));
  }

  private static String behind(String meter, String main, String meter2, String main2) {
    return """
        {"behind":[{"meter":"%s","main":"%s"},{"meter":"%s","main":"%s"}]}"""
        .formatted(meter, main, meter2, main2);
  }

  private void put(String plan) throws Exception {
    ApiClient.Answer answer = site.admin.post("/sites/site-a/tariffs", plan);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
  }

  private ApiClient.Answer analysis(String settings) throws Exception {
    return site.admin.send("PUT", "/sites/site-a/analysis", settings);
  }

  /** The field that a refusal names. */
  private String refused(String method, String path, String body) throws Exception {
    ApiClient.Answer answer = site.admin.send(method, "/sites/site-a" + path, body);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
    return answer.json().at("/error/field").asText();
  }

  private List<String> standing(String path) throws Exception {
    List<String> plans = new ArrayList<>();
    for (JsonNode v : site.admin.get("/sites/site-a" + path).json()) {
      plans.add(
          v.at("/plan/validFrom").asText()
              + " "
              + v.get("version").asText()
              + " "
              + v.at("/plan/otherwise").asText());
    }
    return plans;
  }
}
