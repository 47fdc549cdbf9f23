package io.plantroom.hub.series;

import io.plantroom.hub.telemetry.LatestValues;
import io.plantroom.profile.LocalText;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * One point after the other: its samples, or its steps some days at a time. It remembers what has
 * been written, so that another database can go on when one fails. Not thread-safe.
 */
final class Export {
  private static final int FETCH = 5_000;
  private static final Duration PIECE = Duration.ofDays(10);
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

  /** The index gives them in this order, so nothing is sorted. */
  private static final String SAMPLES =
      """
      SELECT (date_part('epoch', ts) * 1000)::bigint AS at, quality, cause, %s FROM %s
       WHERE point_id = :point AND ts >= :from AND ts < :to ORDER BY ts""";

  private final List<SeriesPoint> points;
  private final Grid grid;
  private final boolean english;
  private boolean begun;
  private int written;

  /** Of the point after those written, the rest begins here. */
  private Instant rest;

  Export(List<SeriesPoint> points, Grid grid, boolean english) {
    this.points = points;
    this.grid = grid;
    this.english = english;
    this.rest = grid.from();
  }

  /**
   * Writes what is not written yet, within a transaction, so that the server's cursor hands out
   * some rows at a time.
   */
  void write(Handle handle, Sheet sheet) {
    try {
      if (!begun) {
        begun = true;
        sheet.row(head());
      }
      for (; written < points.size(); written++) {
        SeriesPoint p = points.get(written);
        if (grid.source() == Resolution.RAW) {
          samples(handle, sheet, p);
        } else {
          steps(handle, sheet, p);
        }
        rest = grid.from();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<@Nullable Object> head() {
    List<@Nullable Object> head = new ArrayList<>();
    head.add(english ? "Time (" + grid.zone() + ")" : "时间（" + grid.zone() + "）");
    head.add("UTC");
    head.addAll(english ? List.of("Equipment", "Point", "Unit") : List.of("设备", "点位", "单位"));
    if (grid.source() == Resolution.RAW) {
      head.addAll(english ? List.of("Value", "Quality", "Cause") : List.of("值", "质量", "原因"));
    } else {
      head.addAll(
          english
              ? List.of("Minimum", "Maximum", "Average", "Last", "Good samples", "Bad samples")
              : List.of("最小", "最大", "平均", "最后", "有效采样", "无效采样"));
    }
    return head;
  }

  private List<@Nullable Object> begin(SeriesPoint p, Instant at) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(LOCAL.format(at.atZone(grid.zone())));
    row.add(at.toString());
    row.add(say(p.equipment()));
    row.add(say(p.title()));
    row.add(p.unit());
    return row;
  }

  private String say(LocalText text) {
    return english ? text.en() : text.zh();
  }

  private void samples(Handle handle, Sheet sheet, SeriesPoint p) {
    String value = p.table().equals("telemetry_state") ? "state, text_value" : "value";
    handle
        .createQuery(SAMPLES.formatted(value, p.table()))
        .setFetchSize(FETCH)
        .bind("point", p.id())
        .bind("from", SeriesReader.utc(rest))
        .bind("to", SeriesReader.utc(grid.to()))
        .scanResultSet(
            (rows, ctx) -> {
              ResultSet rs = rows.get();
              while (rs.next()) {
                try {
                  Instant at = Instant.ofEpochMilli(rs.getLong(1));
                  sheet.row(sample(p, at, rs));
                  rest = at.plusMillis(1);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
              return p;
            });
  }

  private List<@Nullable Object> sample(SeriesPoint p, Instant at, ResultSet rs)
      throws SQLException {
    List<@Nullable Object> row = begin(p, at);
    Object value = p.table().equals("register_sample") ? rs.getBigDecimal(4) : rs.getObject(4);
    row.add(value == null && p.table().equals("telemetry_state") ? rs.getString(5) : value);
    row.add(LatestValues.quality(Quality.of(rs.getInt(2))));
    row.add(LatestValues.cause(Cause.of(rs.getInt(3))));
    return row;
  }

  private void steps(Handle handle, Sheet sheet, SeriesPoint p) throws IOException {
    while (rest.isBefore(grid.to())) {
      Grid whole = Grid.of(rest, rest.plus(PIECE), grid.source(), grid.zone());
      Instant end = whole.start(whole.size());
      Instant to = end.isBefore(grid.to()) ? end : grid.to();
      Grid piece = Grid.of(rest, to, grid.source(), grid.zone());
      Column column =
          Objects.requireNonNull(SeriesReader.read(handle, piece, List.of(p)).get(p.id()));
      for (int i = 0; i < piece.size(); i++) {
        if (!column.empty(i)) {
          List<@Nullable Object> row = begin(p, piece.start(i));
          row.add(column.min(i));
          row.add(column.max(i));
          row.add(column.average(i));
          row.add(column.last(i));
          row.add(column.count(i));
          row.add(column.bad(i));
          sheet.row(row);
        }
      }
      rest = to;
    }
  }
}
