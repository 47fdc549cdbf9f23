package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.plantroom.yaml.YamlFile;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every role against every operation of the contract, for rows of its own site and of a foreign
 * one. The roles come from {@code x-allow}, so a new operation is in the matrix by itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessMatrixTest {
  private static final List<String> ROLES =
      List.of("admin", "engineer", "technician", "billing", "viewer");

  @TempDir static Path folder = Path.of(".");
  private final Map<String, ApiClient> callers = new HashMap<>();
  private final Map<String, String> own = new HashMap<>();
  private final Map<String, String> foreign = new HashMap<>();
  private JsonNode contract = new com.fasterxml.jackson.databind.ObjectMapper().nullNode();
  private TestHub hub;

  @BeforeAll
  void start() throws Exception {
    try (InputStream in = AccessMatrixTest.class.getResourceAsStream("/openapi.yaml")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      contract = YamlFile.parse("openapi.yaml", text).as(JsonNode.class);
    }
    hub = new TestHub(folder, TestDatabase.fresh(), InstantSource.system());
    ApiClient admin = hub.admin();
    fill("gw-a", own, admin);
    fill("gw-b", foreign, admin);
    for (String role : ROLES) {
      JsonNode token =
          admin
              .post(
                  "/tokens",
                  "{\"name\":\"%s-of-a\",\"role\":\"%s\",\"node\":\"company-a\"}"
                      .formatted(role, role))
              .json();
      callers.put(
          role,
          new ApiClient(hub.base()).with("Authorization", "Bearer " + token.get("token").asText()));
    }
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  private void fill(String gateway, Map<String, String> ids, ApiClient admin) throws Exception {
    hub.introduce(gateway);
    hub.events(
        gateway,
        new Event.AlarmChange(
            Instant.now(),
            true,
            UUID.randomUUID(),
            "pump-1",
            "dry-run",
            Event.Change.RAISED,
            null,
            null));
    hub.samples(
        gateway,
        List.of(
            Sample.good(
                "meter-1",
                "energy-import",
                Instant.now(),
                new Value.Counter(new BigDecimal("1.0")))));
    String site = gateway.equals("gw-a") ? "site-a" : "site-b";
    ids.put("site", site);
    ids.put("sites", site);
    ids.put("alarms", id(admin.get("/alarms?site=" + site).json().get("items")));
    ids.put("equipment", id(admin.get("/equipment?site=" + site).json()));
    ids.put("work-orders", id(admin.get("/work-orders?site=" + site).json()));
    JsonNode equipment = admin.get("/equipment/" + ids.get("equipment")).json();
    ids.put("points", id(equipment.get("points")));
    ids.put("gateways", id(admin.get("/gateways?site=" + site).json()));
    hub.unanswered(
        "plantroom/v1/" + gateway + "/up/events", gateway.getBytes(StandardCharsets.UTF_8));
    ids.put("quarantine", id(admin.get("/gateways/" + ids.get("gateways") + "/quarantine").json()));
    ids.put("commands", command(admin, site));
    ids.put("register", admin.get("/meters?site=" + site).json().at("/0/registers/0/id").asText());
  }

  private static String command(ApiClient admin, String site) throws Exception {
    JsonNode pump = HubTest.find(admin.get("/equipment?site=" + site).json(), "device", "pump-1");
    return admin
        .post(
            "/equipment/" + pump.get("id").asText() + "/commands",
            "{\"point\":\"bus-setpoint\",\"value\":\"60\",\"reason\":\"test\"}")
        .json()
        .get("id")
        .asText();
  }

  private static String id(JsonNode list) {
    assertThat(list).isNotEmpty();
    return list.get(0).get("id").asText();
  }

  @TestFactory
  Stream<DynamicTest> everyRoleMeetsEveryOperation() {
    List<DynamicTest> tests = new ArrayList<>();
    contract
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation -> {
                          if (!operation.getValue().get("operationId").asText().equals("events")) {
                            tests.addAll(
                                of(operation.getKey(), path.getKey(), operation.getValue()));
                          }
                        }));
    return tests.stream();
  }

  private List<DynamicTest> of(String method, String path, JsonNode operation) {
    List<String> allowed = new ArrayList<>();
    operation.get("x-allow").forEach(a -> allowed.add(a.asText()));
    List<DynamicTest> tests = new ArrayList<>();
    if (!allowed.contains("public")) {
      tests.add(
          test(
              method + " " + path + " by nobody is 401",
              () ->
                  assertThat(status(new ApiClient(hub.base()), method, path, own)).isEqualTo(401)));
    }
    for (String role : ROLES) {
      boolean may = allowed.contains("any") || allowed.contains("public") || allowed.contains(role);
      if (!may) {
        tests.add(
            test(
                method + " " + path + " by " + role + " is 403",
                () -> assertThat(status(role, method, path, own)).isEqualTo(403)));
      } else if (!allowed.contains("public")) {
        tests.add(
            test(
                method + " " + path + " by " + role + " works for its own site",
                () -> assertThat(status(role, method, path, own)).isIn(200, 204, 409)));
        if (path.contains("{id}")
            || body(path, foreign).contains("site-b")
            || (path.equals("/readings") && method.equals("post"))) {
          tests.add(
              test(
                  method + " " + path + " by " + role + " is 404 for a foreign site",
                  () -> assertThat(status(role, method, path, foreign)).isEqualTo(404)));
        } else if (method.equals("get")) {
          tests.add(
              test(
                  method + " " + path + " by " + role + " shows nothing of a foreign site",
                  () ->
                      assertThat(
                              Objects.requireNonNull(callers.get(role)).get(path).response().body())
                          .doesNotContain("site-b", "gw-b")));
        }
      }
    }
    return tests;
  }

  private static DynamicTest test(String name, org.junit.jupiter.api.function.Executable check) {
    return DynamicTest.dynamicTest(name, check);
  }

  private int status(String role, String method, String path, Map<String, String> ids)
      throws Exception {
    return status(Objects.requireNonNull(callers.get(role)), method, path, ids);
  }

  private static int status(ApiClient caller, String method, String path, Map<String, String> ids)
      throws Exception {
    String kind = path.substring(1).replaceAll("/.*", "");
    String filled = path.replace("{id}", ids.getOrDefault(kind, "0"));
    return caller
        .send(
            method.toUpperCase(java.util.Locale.ROOT),
            filled,
            method.equals("get") || method.equals("delete") ? null : body(path, ids))
        .status();
  }

  private static String body(String path, Map<String, String> ids) {
    return switch (path) {
      case "/cut-offs" ->
          "{\"site\":\"%s\",\"at\":\"2026-01-01T00:00:00Z\"}".formatted(ids.get("site"));
      case "/readings" ->
          "{\"registerId\":\"%s\",\"at\":\"2026-01-01T00:00:00Z\",\"value\":\"1\",\"reason\":\"test\"}"
              .formatted(ids.get("register"));
      case "/tokens" ->
          "{\"name\":\"t-%s\",\"role\":\"viewer\",\"node\":\"%s\"}"
              .formatted(UUID.randomUUID().toString().substring(0, 8), ids.get("site"));
      case "/gateways/{id}/desired", "/gateways/{id}/desired/check" -> "{\"text\":\"devices: []\"}";
      case "/sites/{id}/tariffs" ->
          """
          {"medium":"electricity","validFrom":"2026-01-01","otherwise":"flat","rules":[]}""";
      case "/equipment/{id}/commands" ->
          "{\"point\":\"bus-setpoint\",\"value\":\"60\",\"reason\":\"test\"}";
      case "/work-orders/{id}/complete" -> "{\"note\":\"done\"}";
      default -> "{}";
    };
  }

  @Test
  void aBrowserWithoutTheHeaderCannotChangeAnything() throws Exception {
    ApiClient admin = hub.admin().without("X-Requested-With");

    assertThat(admin.post("/alarms/" + own.get("alarms") + "/acknowledge", "{}").status())
        .isEqualTo(403);
    assertThat(admin.get("/alarms").status()).isEqualTo(200);
  }

  @Test
  void tooManyWrongPasswordsAreAnsweredWithAPause() throws Exception {
    ApiClient guesser = new ApiClient(hub.base());
    int status = 0;
    for (int i = 0; i < 11; i++) {
      status = guesser.signIn("victim", "guess-" + i).status();
    }

    assertThat(status).isEqualTo(429);
  }

  @Test
  void theAuditTrailCannotBeRewritten() {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> hub.hub().database().jdbi().useHandle(h -> h.execute("DELETE FROM audit")))
        .hasMessageContaining("append-only");
  }

  @Test
  void aRequestOutsideTheContractNamesTheFieldInBothLanguages() throws Exception {
    JsonNode error = hub.admin().get("/alarms?limit=0").json().get("error");

    assertThat(error.get("code").asText()).isEqualTo("bad-request");
    assertThat(error.at("/message/en").asText()).contains("limit");
    assertThat(error.at("/message/zh").asText()).contains("limit");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    String large = "{\"user\":\"" + "x".repeat(100_000) + "\",\"password\":\"x\"}";

    assertThat(new ApiClient(hub.base()).post("/session", large).status()).isEqualTo(413);
  }
}
