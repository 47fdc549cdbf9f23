package io.plantroom.hub.analysis;

import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.profile.LocalText;
import java.time.ZoneId;
import org.jdbi.v3.core.Handle;

/** A site, as far as the caller may see it. */
record Place(String id, LocalText name, ZoneId zone) {
  private static final String SITE =
      """
      SELECT id, name_zh, name_en, time_zone FROM org_node n
       WHERE kind = 'site' AND id = :id AND id IN (SELECT allowed_sites(:account, :roles))""";

  static Place of(Handle handle, Call call) {
    return call.visible(handle.createQuery(SITE))
        .bind("id", call.path("id"))
        .map(
            (rs, ctx) ->
                new Place(
                    rs.getString("id"),
                    new LocalText(rs.getString("name_zh"), rs.getString("name_en")),
                    ZoneId.of(rs.getString("time_zone"))))
        .findOne()
        .orElseThrow(() -> ApiException.notFound("site", "该项目", "This site"));
  }
}
