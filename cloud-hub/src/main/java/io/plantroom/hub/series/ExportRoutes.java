package io.plantroom.hub.series;

import io.plantroom.hub.database.Database;
import io.plantroom.hub.database.Reads;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Download;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.ProfileCatalog;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Points over time as a file for spreadsheets and other programs, written while it is read. */
public final class ExportRoutes {
  private static final int AT_ONCE = 2;
  private static final Duration MOST_SAMPLES = Duration.ofDays(3_100);
  private static final long MOST_STEPS = 5_000_000;

  private final Database database;
  private final Reads reads;
  private final Asked asked;
  private final Semaphore places = new Semaphore(AT_ONCE);

  public ExportRoutes(
      Database database, Reads reads, ProfileCatalog profiles, InstantSource clock) {
    this.database = database;
    this.reads = reads;
    this.asked = new Asked(profiles, clock);
  }

  public void addTo(Routes routes) {
    routes.on("seriesExport", this::export);
  }

  private Download export(Call call) {
    Asked.Place site = database.jdbi().withHandle(h -> asked.site(h, call));
    List<SeriesPoint> points = database.jdbi().withHandle(h -> asked.points(h, call, site));
    Asked.Time time = asked.time(call);
    String step = call.query("step");
    Grid grid =
        Grid.of(
            time.from(),
            time.to(),
            step == null ? Resolution.RAW : Asked.step(step, Resolution.RAW),
            site.zone());
    check(grid, points.size());
    if (places.availablePermits() == 0) {
      throw new ApiException(
          429, "busy", "正在导出的文件过多，请稍后再试。", "Too many files are being exported, try again later.");
    }
    boolean xlsx = "xlsx".equals(format(call.query("format")));
    boolean english = "en".equals(call.query("language"));
    String name =
        "%s-%s.%s"
            .formatted(
                site.id().replaceAll("[^A-Za-z0-9-]", "_"),
                grid.source().key(),
                xlsx ? "xlsx" : "csv");
    return new Download(
        xlsx
            ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            : "text/csv; charset=utf-8",
        name,
        out -> write(out, xlsx, new Export(points, grid, english)));
  }

  private static String format(@Nullable String format) {
    if (format == null || format.equals("csv") || format.equals("xlsx")) {
      return format == null ? "csv" : format;
    }
    throw ApiException.badRequest("format", "应为 csv 或 xlsx", "expected csv or xlsx");
  }

  private static void check(Grid grid, int points) {
    Duration all = Duration.between(grid.from(), grid.to()).multipliedBy(points);
    if (grid.source() == Resolution.RAW && all.compareTo(MOST_SAMPLES) > 0) {
      throw ApiException.badRequest(
          "step",
          "导出原始采样时，点位数 × 天数最多 " + MOST_SAMPLES.toDays() + "：请分批导出，或选择 1m、15m、1h、1d",
          "samples of at most "
              + MOST_SAMPLES.toDays()
              + " days x points at once: export parts, or steps of 1m, 15m, 1h or 1d");
    }
    if (grid.source() != Resolution.RAW && (long) grid.size() * points > MOST_STEPS) {
      throw ApiException.badRequest(
          "step",
          "最多 " + MOST_STEPS + " 行：请缩短时间、减少点位或加大步长",
          "at most " + MOST_STEPS + " rows: ask for less time, fewer points or a coarser step");
    }
  }

  private void write(OutputStream out, boolean xlsx, Export export) throws IOException {
    if (!places.tryAcquire()) {
      throw new IOException("too many files at once");
    }
    try (Sheet sheet = xlsx ? new XlsxSheet(out, XlsxSheet.MOST_ROWS) : new CsvSheet(out)) {
      // Asked a second time, it goes on where the replica has left it.
      reads.inTransaction(
          h -> {
            export.write(h, sheet);
            return export;
          });
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      places.release();
    }
  }
}
