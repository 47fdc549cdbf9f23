package io.plantroom.deploy;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Debian's Chromium, as a person in Shanghai would use it; gathers what the page complains of. */
final class Browser implements AutoCloseable {
  private static final List<String> WCAG_AA =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

  /** After two frames, in which whatever was clicked has begun to move. */
  private static final String AT_REST =
      """
      () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
        done(document.getAnimations().every(a =>
          a.playState !== 'running' || a.effect.getComputedTiming().endTime === Infinity)))))""";

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser browser;
  private final List<String> complaints = new ArrayList<>();

  Browser() {
    playwright = Playwright.create();
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of(Programs.find("chromium")))
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  Page open(int width, int height) {
    BrowserContext context =
        browser.newContext(
            new com.microsoft.playwright.Browser.NewContextOptions()
                .setLocale("zh-CN")
                .setTimezoneId("Asia/Shanghai")
                .setViewportSize(width, height));
    Page page = context.newPage();
    page.onConsoleMessage(
        m -> {
          if (m.type().equals("error") || m.text().contains("Content Security Policy")) {
            complaints.add(m.text());
          }
        });
    page.onPageError(complaints::add);
    return page;
  }

  /** Errors and refused contents so far, and forgets them. */
  List<String> complaints() {
    List<String> all = List.copyOf(complaints);
    complaints.clear();
    return all;
  }

  /** What of the page people with other abilities could not use; empty is good. */
  static List<String> barriers(Page page) {
    // Colours that still fade in have no contrast yet.
    page.waitForCondition(() -> (Boolean) page.evaluate(AT_REST));
    return new AxeBuilder(page)
        .withTags(WCAG_AA).analyze().getViolations().stream()
            .map(v -> v.getId() + ": " + v.getHelp() + " " + v.getNodes().get(0).getTarget())
            .toList();
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
