package io.plantroom.deploy;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser, on the shipped system with live data. */
@Needs("chromium")
class ConsoleIT {
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(2);
  private static final double PATIENCE_MILLIS = 30_000;

  @TempDir static Path data;
  private static DemoSystem system;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    system = RunningSystem.demo(data);
    browser = new Browser();
    HubClient admin = system.admin();
    new Steps(System.out)
        .await(
            "the hub knows the building",
            Duration.ofSeconds(60),
            () ->
                admin.get("equipment").size() >= system.building().devices().size() ? true : null);
  }

  @AfterAll
  static void stop() throws Exception {
    browser.close();
    system.close();
  }

  @Test
  void aFaultIsSeenWithinTwoSecondsAndAcknowledgedByHand() throws Exception {
    Page page = signIn(1280, 800, "/alarms");
    system.building().show("leak-1", "leak");
    JsonNode alarm =
        new Steps(System.out)
            .await("the leak's alarm stands", Duration.ofSeconds(30), () -> active("leak"));
    Locator acknowledge = page.getByTestId("alarm-ack-" + alarm.get("id").asText());
    assertThat(acknowledge).isVisible(soon());
    Instant seen = Instant.now();
    assertThat(Duration.between(Instant.parse(alarm.get("raisedAt").asText()), seen))
        .as("from the poll that saw it to the screen")
        .isLessThan(SEEN_WITHIN);
    assertThat(page.locator("body")).containsText(alarm.at("/title/zh").asText());

    acknowledge.click();
    Locator confirm =
        page.getByTestId("alarm-bulk-confirm").or(page.getByTestId("alarm-drawer-ack"));
    if (confirm.first().isVisible()) {
      confirm.first().click();
    }
    assertThat(page.getByTestId("alarm-ack-" + alarm.get("id").asText())).hasCount(0, gone());
    assertThat(
            system.admin().get("alarms/" + alarm.get("id").asText()).get("acknowledgedBy").asText())
        .isEqualTo("admin");
    system.building().end("leak-1", "leak");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void everyScreenSpeaksBothLanguagesAndKeepsNobodyOut() throws Exception {
    Page page = signIn(1280, 800, "/alarms");
    for (String screen :
        List.of("alarms", "equipment", "gateways", "work-orders", "readings", "energy")) {
      page.getByTestId("nav-" + screen).click();
      page.waitForURL(Pattern.compile("#/" + screen));
      page.waitForLoadState();
      assertThat(Browser.barriers(page)).as(screen + " in Chinese").isEmpty();
      page.getByTestId("language-switch").click();
      assertThat(page.locator("html")).hasAttribute("lang", "en");
      assertThat(Browser.barriers(page)).as(screen + " in English").isEmpty();
      page.getByTestId("language-switch").click();
      assertThat(page.locator("html")).hasAttribute("lang", "zh-CN");
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void equipmentShowsItsPointsLiveAndATrend() throws Exception {
    Page page = signIn(1280, 900, "/equipment");
    String id = equipment("meter-b1-main");
    page.getByTestId("equipment-row-" + id).getByRole(AriaRole.LINK).first().click();
    page.waitForURL(Pattern.compile("#/equipment/" + id));
    assertThat(page.getByTestId("trend").locator("canvas").first()).isVisible(soon());
    // A register that counts is never the same for long.
    Locator points = page.locator("table, [role=table]").first();
    String first = points.innerText();
    page.waitForCondition(
        () -> !points.innerText().equals(first),
        new Page.WaitForConditionOptions().setTimeout(PATIENCE_MILLIS));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void energyIsShownAsAChartAndATableAndEachViewHasItsReport() throws Exception {
    Page page = signIn(1280, 900, "/energy?step=hour");
    assertThat(page.getByTestId("energy").locator("canvas").first()).isVisible(soon());
    assertThat(page.locator("[data-testid^='energy-row-']").first()).containsText("kWh", text());
    for (String view : List.of("comparison", "leaks", "pumps", "consumption")) {
      page.getByTestId("energy").getByTestId("energy-" + view).click();
      assertThat(page.getByTestId("report-xlsx")).isVisible(soon());
      page.waitForLoadState();
      assertThat(Browser.barriers(page)).as(view).isEmpty();
    }
    page.getByTestId("energy-by").selectOption("equipment");
    assertThat(page.locator("[data-testid^='energy-row-']").first()).isVisible(soon());
    assertThat(
            page.waitForDownload(() -> page.getByTestId("report-xlsx").click()).suggestedFilename())
        .startsWith("consumption-")
        .endsWith(".xlsx");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aTariffIsSetInTheBrowserAndConsumptionIsSplitByIt() throws Exception {
    Page page = signIn(1280, 900, "/energy?view=setting");
    page.getByTestId("tariff-new").click();
    page.getByTestId("rule-0-band").selectOption("sharp");
    page.getByTestId("rule-0-from").selectOption("22:00");
    page.getByTestId("rule-0-to").selectOption("12:00");
    page.getByTestId("tariff-save").click();
    assertThat(page.getByTestId("rule-0-problem")).containsText("跨午夜", text());
    assertThat(Browser.barriers(page)).as("a refused plan").isEmpty();
    page.getByTestId("rule-0-split").click();
    assertThat(page.getByTestId("rule-2-idle")).containsText("不起作用", text());
    page.getByTestId("tariff-otherwise").selectOption("deep-valley");
    page.getByTestId("tariff-save").click();
    assertThat(page.getByTestId("tariff-said")).containsText("已保存", text());
    assertThat(page.getByTestId("tariff-pattern").first()).containsText("00:00–12:00 尖", text());
    assertThat(Browser.barriers(page)).as("the plan").isEmpty();

    page.getByTestId("energy-consumption").click();
    page.getByTestId("energy-bands").check();

    // Whatever the time is, it is in one of the two.
    assertThat(page.locator("[data-testid^='energy-row-electricity']").first())
        .containsText(
            Pattern.compile("尖|深谷"),
            new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS));
    assertThat(browser.complaints()).allMatch(c -> c.contains("400"));
  }

  @Test
  void subMetersAndPumpGroupsAreSetInTheBrowserByName() throws Exception {
    Page page = signIn(1280, 900, "/energy?view=setting");
    String main = equipment("meter-b1-main");
    page.getByTestId("sub-meter-" + equipment("meter-b1-common")).selectOption(main);
    page.getByTestId("sub-meter-save").click();
    assertThat(page.getByTestId("sub-meter-said")).containsText("已保存", text());

    page.getByTestId("pump-group-new").click();
    page.getByTestId("group-save").click();
    assertThat(page.getByTestId("pump-group-form").getByRole(AriaRole.ALERT))
        .containsText("请填写名称", text());
    page.getByTestId("group-zh").fill("供水泵组");
    page.getByTestId("group-en").fill("Supply pumps");
    page.getByTestId("group-rated").fill("15");
    page.getByTestId("group-equipment").selectOption(equipment("pump-supply-1"));
    page.getByTestId("group-equipment").selectOption(equipment("pump-supply-2"));
    assertThat(Browser.barriers(page)).as("the form").isEmpty();
    page.getByTestId("group-save").click();

    assertThat(page.getByTestId("pump-group-supply-pumps")).containsText("15 kW", text());
    JsonNode settings = system.admin().get("sites/riverside/analysis");
    assertThat(settings.at("/behind/0/main").asText()).isEqualTo(main);
    assertThat(settings.at("/pumpGroups/0/energy")).hasSize(2);
    page.getByTestId("language-switch").click();
    assertThat(page.getByTestId("pump-group-supply-pumps")).containsText("Supply pumps", text());
    assertThat(Browser.barriers(page)).as("in English").isEmpty();
    page.getByTestId("energy-pumps").click();
    assertThat(page.getByTestId("pump-row-supply-pumps")).containsText("kWh", text());
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void settingsFitOnAPhone() throws Exception {
    Page page = signIn(375, 812, "/energy?view=setting");
    page.getByTestId("tariff-new").click();
    page.getByTestId("rule-1-days").click();
    page.getByTestId("pump-group-new").click();
    page.getByTestId("group-equipment").selectOption(equipment("pump-supply-1"));
    page.waitForLoadState();

    assertThat((Integer) page.evaluate("document.getElementById('content').scrollWidth"))
        .isLessThanOrEqualTo(375);
    assertThat(Browser.barriers(page)).isEmpty();
  }

  @Test
  void aPhoneShowsAlarmsWithoutScrollingSideways() throws Exception {
    Page page = signIn(390, 844, "/alarms");
    page.waitForLoadState();
    assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(390);
    assertThat(Browser.barriers(page)).isEmpty();
  }

  @Test
  void whatTheHubSetAsideIsShownAndSaysWhyItStillCannotBeTakenIn() throws Exception {
    HubLedger.setAside(system.database(), DemoFiles.GATEWAY, "not a frame");
    JsonNode gateway = system.admin().get("gateways").get(0);
    Page page = signIn(1280, 900, "/gateways?gateway=" + gateway.get("id").asText());
    Locator row = page.locator("[data-testid^='held-row-']").first();
    assertThat(row).containsText("not a frame", text());

    row.getByTestId("replay").click();

    assertThat(page.getByTestId("quarantine").getByRole(AriaRole.ALERT))
        .containsText("仍无法处理", text());
    assertThat(Browser.barriers(page)).isEmpty();
    assertThat(browser.complaints()).allMatch(c -> c.contains("409"));
  }

  @Test
  void aPointIsSetByHandAndWhatTheDeviceShowsIsSeenLive() throws Exception {
    String id = equipment(DemoFiles.SETTABLE);
    Page page = signIn(1280, 900, "/equipment/" + id);
    page.getByTestId("set-bus-setpoint").first().click();
    Locator dialog = page.getByTestId("set-dialog");
    assertThat(Browser.barriers(page)).as("the dialog").isEmpty();
    page.getByTestId("set-confirm").click();
    assertThat(page.getByTestId("set-problem")).containsText("设定值", text());
    page.getByTestId("set-value").fill("147.5");
    page.getByTestId("set-reason").fill("十二层偏冷");
    page.getByTestId("set-confirm").click();
    assertThat(page.getByTestId("set-problem")).containsText("超出允许范围", text());
    page.getByTestId("set-value").fill("47.5");

    page.getByTestId("set-confirm").click();

    assertThat(page.getByTestId("set-outcome")).containsText("已完成", text());
    assertThat(page.getByTestId("set-outcome")).containsText("47.5", text());
    assertThat(Browser.barriers(page)).as("the outcome").isEmpty();
    page.getByTestId("set-outcome").getByRole(AriaRole.BUTTON).click();
    assertThat(dialog).hasCount(0, gone());
    assertThat(page.getByTestId("commands")).containsText("十二层偏冷", text());
    page.getByTestId("language-switch").click();
    assertThat(page.getByTestId("commands")).containsText("Done", text());
    assertThat(Browser.barriers(page)).as("in English").isEmpty();
    assertThat(browser.complaints()).allMatch(c -> c.contains("409"));
  }

  @Test
  void aConfigurationIsEditedCheckedAppliedAndItsStateIsShown() throws Exception {
    JsonNode gateway = system.admin().get("gateways").get(0);
    Page page = signIn(1280, 900, "/gateways?gateway=" + gateway.get("id").asText());
    page.getByTestId("desired-edit").click();
    Locator text = page.getByTestId("desired-text");
    text.fill("devices:\n  - key: new-meter\n    profile: no-such-model\n");
    page.getByTestId("desired-check").click();
    assertThat(page.getByTestId("desired-problems")).containsText("desired.yaml:3", text());
    assertThat(Browser.barriers(page)).as("with mistakes").isEmpty();
    text.fill("devices: []\n# nothing else is wanted\n");
    assertThat(page.getByTestId("desired-diff")).containsText("nothing else is wanted", text());

    page.getByTestId("desired-apply").click();

    assertThat(page.getByTestId("desired-state")).containsText("已生效", text());
    assertThat(page.getByTestId("desired-history")).containsText("admin", text());
    assertThat(Browser.barriers(page)).as("applied").isEmpty();
    page.getByTestId("language-switch").click();
    assertThat(page.getByTestId("desired-state")).containsText("Applied", text());
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aWrongPasswordIsToldInWords() {
    Page page = browser.open(1280, 800);
    page.navigate(base() + "/");
    page.getByTestId("login-user").fill("admin");
    page.getByTestId("login-password").fill("wrong");
    page.getByTestId("login-submit").click();
    assertThat(page.getByTestId("login-problem")).containsText("密码", text());
    // The refused request itself is reported by the browser, and by nothing else.
    assertThat(browser.complaints()).allMatch(c -> c.contains("401"));
  }

  /** Null when there is none. */
  private static @Nullable JsonNode active(String key) throws Exception {
    for (JsonNode alarm : system.admin().get("alarms?state=active").get("items")) {
      if (alarm.get("key").asText().equals(key)) {
        return alarm;
      }
    }
    return null;
  }

  private static String base() {
    return "http://127.0.0.1:" + system.hubPort();
  }

  private static Page signIn(int width, int height, String path) throws IOException {
    Page page = browser.open(width, height);
    page.navigate(base() + "/#" + path);
    page.getByTestId("login-user").fill("admin");
    page.getByTestId("login-password")
        .fill(Files.readString(system.files().adminPassword()).strip());
    page.getByTestId("login-submit").click();
    page.waitForURL(Pattern.compile("#" + Pattern.quote(path)));
    // The first question who is signed in is answered by 401, and the browser reports that.
    page.getByTestId("live-indicator").waitFor();
    browser.complaints();
    return page;
  }

  private static String equipment(String device) throws Exception {
    for (JsonNode e : system.admin().get("equipment")) {
      if (e.get("device").asText().equals(device)) {
        return e.get("id").asText();
      }
    }
    throw new AssertionError("the hub does not know " + device);
  }

  private static LocatorAssertions.IsVisibleOptions soon() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MILLIS);
  }

  private static LocatorAssertions.HasCountOptions gone() {
    return new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MILLIS);
  }

  private static LocatorAssertions.ContainsTextOptions text() {
    return new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS);
  }
}
