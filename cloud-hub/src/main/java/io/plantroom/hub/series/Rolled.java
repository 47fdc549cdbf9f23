package io.plantroom.hub.series;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The rollups of one point, as the database hands them over: one array a column. */
@SuppressWarnings("ArrayRecordComponent") // read once and thrown away
record Rolled(
    int point,
    Long[] at,
    Integer[] n,
    Integer[] bad,
    @Nullable Double[] sum,
    @Nullable Double[] min,
    @Nullable Double[] max,
    @Nullable Double[] last) {

  /** The row at which a result stands. */
  static Rolled read(ResultSet rs) throws SQLException {
    return new Rolled(
        rs.getInt("point_id"),
        (Long[]) rs.getArray("at").getArray(),
        (Integer[]) rs.getArray("n").getArray(),
        (Integer[]) rs.getArray("bad").getArray(),
        doubles(rs, "sum"),
        doubles(rs, "min"),
        doubles(rs, "max"),
        doubles(rs, "last"));
  }

  private static @Nullable Double[] doubles(ResultSet rs, String column) throws SQLException {
    return (Double[]) rs.getArray(column).getArray();
  }

  Column.Part part(int i) {
    return new Column.Part(
        n[i], bad[i], number(sum[i]), number(min[i]), number(max[i]), number(last[i]), at[i] / 1e3);
  }

  /** Nothing good has no numbers, and its count is 0. */
  private static double number(@Nullable Double value) {
    return value == null ? 0 : value;
  }
}
