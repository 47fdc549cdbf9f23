package io.plantroom.hub.telemetry;

import io.plantroom.profile.PointKind;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The tables of samples: one shape for numbers, one for states and texts, one for registers. */
enum SampleTable {
  NUMBERS("telemetry", "value"),
  STATES("telemetry_state", "state, text_value"),
  REGISTERS("register_sample", "value");

  private final String table;
  private final String copy;
  private final String insert;

  SampleTable(String table, String values) {
    this.table = table;
    String columns = "ts, point_id, quality, cause, clock_trusted, " + values;
    this.copy = "COPY " + table + " (" + columns + ") FROM STDIN (FORMAT binary)";
    String bound =
        switch (table) {
          case "telemetry" -> ":value";
          case "telemetry_state" -> ":state, :text";
          default -> ":register";
        };
    this.insert =
        "INSERT INTO "
            + table
            + " ("
            + columns
            + ") VALUES (:ts, :point, :quality, :cause, :trusted, "
            + bound
            + ") ON CONFLICT (point_id, ts) DO NOTHING";
  }

  String tableName() {
    return table;
  }

  String copy() {
    return copy;
  }

  String insert() {
    return insert;
  }

  /** By the value; without one, by the kind of the point. */
  static SampleTable of(StoredSample s) {
    Value value = s.sample().value();
    if (value == null) {
      return of(s.point().kind());
    }
    if (value instanceof Value.Analog) {
      return NUMBERS;
    }
    return value instanceof Value.Counter ? REGISTERS : STATES;
  }

  static SampleTable of(PointKind kind) {
    return switch (kind) {
      case ANALOG -> NUMBERS;
      case COUNTER -> REGISTERS;
      case STATE, TEXT -> STATES;
    };
  }

  void row(CopyRows rows, StoredSample s) throws SQLException {
    Sample sample = s.sample();
    int quality = sample.quality().code();
    int cause = sample.cause().code();
    int point = s.point().id();
    if (this == NUMBERS) {
      rows.number(sample.at(), point, quality, cause, sample.clockTrusted(), number(sample));
      return;
    }
    rows.row(this == STATES ? 7 : 6)
        .timestamp(sample.at())
        .int4(point)
        .int2(quality)
        .int2(cause)
        .bool(sample.clockTrusted());
    if (this == STATES) {
      rows.int4(state(sample)).text(text(sample));
    } else {
      rows.numeric(register(sample));
    }
  }

  static <S extends SqlStatement<S>> S bind(S statement, StoredSample s) {
    Sample sample = s.sample();
    return statement
        .bind("point", s.point().id())
        .bind("quality", sample.quality().code())
        .bind("cause", sample.cause().code())
        .bind("trusted", sample.clockTrusted())
        .bind("value", number(sample))
        .bind("register", register(sample))
        .bind("state", state(sample))
        .bind("text", text(sample))
        .bind("epoch", s.epoch())
        .bind("seq", s.sequence())
        .bind("millis", sample.at().toEpochMilli());
  }

  static OffsetDateTime ts(Sample sample) {
    return sample.at().atOffset(ZoneOffset.UTC);
  }

  static @Nullable Double number(Sample s) {
    return s.value() instanceof Value.Analog a ? (Double) a.value() : null;
  }

  static @Nullable BigDecimal register(Sample s) {
    return s.value() instanceof Value.Counter c ? c.value() : null;
  }

  static @Nullable Integer state(Sample s) {
    return s.value() instanceof Value.State v ? (Integer) v.code() : null;
  }

  static @Nullable String text(Sample s) {
    return s.value() instanceof Value.Text t ? t.text() : null;
  }
}
