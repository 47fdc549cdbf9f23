package io.plantroom.hub.desired;

import io.plantroom.device.DeviceDocument;
import io.plantroom.hub.access.Audit;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.wire.DesiredConfiguration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reading and putting what is desired of a gateway. */
public final class DesiredRoutes {
  private static final int MOST_SHOWN = 50;
  private static final String GATEWAY =
      """
      SELECT g.code FROM gateway g WHERE g.id = :id AND g.listed AND g."""
          + Call.VISIBLE
          + " FOR UPDATE OF g";
  private static final String HISTORY =
      """
      SELECT d.*, g.running_configuration FROM desired_configuration d
        JOIN gateway g ON g.id = d.gateway_id
       WHERE g.id = :id ORDER BY d.revision DESC LIMIT :limit""";
  private static final String SUPERSEDE =
      """
      UPDATE desired_configuration SET state = 'superseded'
       WHERE gateway_id = :id AND state = 'waiting'""";
  private static final String PUT =
      """
      INSERT INTO desired_configuration (gateway_id, revision, version, body, author, note, put_at)
      VALUES (:id, :revision, :version, :body, :author, :note, :at)""";

  private final Database database;
  private final ProfileCatalog profiles;
  private final DesiredConfigurations configurations;
  private final InstantSource clock;

  public DesiredRoutes(
      Database database,
      ProfileCatalog profiles,
      DesiredConfigurations configurations,
      InstantSource clock) {
    this.database = database;
    this.profiles = profiles;
    this.configurations = configurations;
    this.clock = clock;
  }

  record Text(String text) {}

  record Checked(String version, int devices, List<String> problems) {}

  record State(String gatewayId, @Nullable DesiredView desired) {}

  /**
   * A text to be put.
   *
   * @param basedOn version that the author has seen, to notice that somebody else was quicker
   */
  record Put(String text, @Nullable String note, @Nullable String basedOn) {}

  public void addTo(Routes routes) {
    routes
        .on("desired", this::newest)
        .on("desiredHistory", this::history)
        .on("checkDesired", this::check)
        .on("putDesired", this::put);
  }

  private State newest(Call call) {
    List<DesiredView> found = list(call, 1);
    return new State(call.path("id"), found.isEmpty() ? null : found.get(0));
  }

  private List<DesiredView> history(Call call) {
    return list(call, MOST_SHOWN);
  }

  private List<DesiredView> list(Call call, int limit) {
    long id = call.id("gateway", "该网关", "This gateway");
    return database
        .jdbi()
        .inTransaction(
            h -> {
              gateway(h, call, id);
              return list(h, id, limit);
            });
  }

  private static List<DesiredView> list(Handle handle, long id, int limit) {
    return handle
        .createQuery(HISTORY)
        .bind("id", id)
        .bind("limit", limit)
        .map((rs, ctx) -> DesiredView.of(rs))
        .list();
  }

  private static String gateway(Handle handle, Call call, long id) {
    return call.visible(handle.createQuery(GATEWAY))
        .bind("id", id)
        .mapTo(String.class)
        .findOne()
        .orElseThrow(() -> ApiException.notFound("gateway", "该网关", "This gateway"));
  }

  private Checked check(Call call) {
    long id = call.id("gateway", "该网关", "This gateway");
    database
        .jdbi()
        .useTransaction(
            h -> {
              var unused = gateway(h, call, id);
            });
    String text = call.body(Text.class).text();
    DeviceDocument document = parsed(text);
    return new Checked(
        DesiredConfiguration.versionOf(text), document.devices().size(), document.problems());
  }

  private DeviceDocument parsed(String text) {
    return DeviceDocument.parse("desired.yaml", text, profiles);
  }

  private DesiredView put(Call call) {
    long id = call.id("gateway", "该网关", "This gateway");
    Put put = call.body(Put.class);
    String[] code = {""};
    DesiredConfiguration[] desired = new DesiredConfiguration[1];
    DesiredView view =
        database
            .jdbi()
            .inTransaction(
                h -> {
                  code[0] = gateway(h, call, id);
                  DeviceDocument document = parsed(put.text());
                  if (!document.problems().isEmpty()) {
                    throw invalid(document.problems());
                  }
                  desired[0] = store(h, call, id, put);
                  return list(h, id, 1).get(0);
                });
    configurations.send(code[0], desired[0]);
    return view;
  }

  private DesiredConfiguration store(Handle handle, Call call, long id, Put put) {
    Optional<DesiredView> before = list(handle, id, 1).stream().findFirst();
    String based = put.basedOn();
    if (based != null && !based.equals(before.map(DesiredView::version).orElse(""))) {
      throw ApiException.conflict(
          "changed-meanwhile",
          "配置已被他人修改，请重新读取后再提交。",
          "Somebody else has changed it meanwhile; read it again first.");
    }
    Instant now = clock.instant();
    long last = before.map(d -> Long.parseLong(d.revision())).orElse(0L);
    DesiredConfiguration desired =
        DesiredConfiguration.of(Math.max(now.toEpochMilli(), last + 1), put.text());
    handle.createUpdate(SUPERSEDE).bind("id", id).execute();
    handle
        .createUpdate(PUT)
        .bind("id", id)
        .bind("revision", desired.revision())
        .bind("version", desired.version())
        .bind("body", desired.text())
        .bind("author", call.caller().name())
        .bind("note", put.note() == null ? "" : put.note())
        .bind("at", now.atOffset(ZoneOffset.UTC))
        .execute();
    Audit.add(
        handle,
        call.caller().name(),
        "put-desired-configuration",
        String.valueOf(id),
        desired.version(),
        call.remote());
    return desired;
  }

  private static ApiException invalid(List<String> problems) {
    String lines = String.join("\n", problems);
    return new ApiException(
        400, "invalid-configuration", "配置有误：\n" + lines, "It has mistakes:\n" + lines);
  }
}
