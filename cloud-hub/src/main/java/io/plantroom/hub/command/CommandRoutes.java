package io.plantroom.hub.command;

import io.plantroom.hub.access.Audit;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.Category;
import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.Setting;
import io.plantroom.wire.CommandReason;
import io.plantroom.wire.Event;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Asking for commands and looking what became of them. */
public final class CommandRoutes {
  private static final int MOST_SHOWN = 50;
  private static final int USUAL_SECONDS = 60;
  private static final String DEVICE =
      """
      SELECT d.id, d.key, d.profile, d.writable, g.id AS gateway
        FROM device d JOIN gateway g ON g.id = d.gateway_id
       WHERE d.id = :id AND d.present AND g.listed AND g."""
          + Call.VISIBLE
          + " FOR UPDATE OF d";
  private static final String OPEN =
      """
      SELECT EXISTS (SELECT 1 FROM field_command
        WHERE device_id = :device AND point = :point AND state IN ('sent', 'accepted'))""";
  private static final String ASK =
      """
      INSERT INTO field_command (id, gateway_id, device_id, point, value, reason, author, asked_at,
                                 expires_at)
      VALUES (:id, :gateway, :device, :point, :value, :reason, :author, :now, :expires)""";
  private static final String OF_DEVICE =
      CommandView.SELECT
          + "c.device_id = :id AND g."
          + Call.VISIBLE
          + " ORDER BY c.seq DESC LIMIT ";
  private static final String ONE = CommandView.SELECT + "c.id = :id AND g." + Call.VISIBLE;

  private final Database database;
  private final ProfileCatalog profiles;
  private final CommandCourier commands;
  private final InstantSource clock;

  public CommandRoutes(
      Database database, ProfileCatalog profiles, CommandCourier commands, InstantSource clock) {
    this.database = database;
    this.profiles = profiles;
    this.commands = commands;
    this.clock = clock;
  }

  /**
   * What is wanted.
   *
   * @param expiresInSeconds from then on it must not be written any more
   */
  record Ask(String point, String value, String reason, @Nullable Integer expiresInSeconds) {}

  private record Target(int device, int gateway, @Nullable String profile, List<String> writable) {}

  public void addTo(Routes routes) {
    routes.on("command", this::ask).on("commands", this::list).on("commandItem", this::one);
  }

  private List<CommandView> list(Call call) {
    long id = call.id("equipment", "该设备", "This equipment");
    return database
        .jdbi()
        .inTransaction(
            h -> {
              var unused = target(h, call, id);
              return CommandView.list(
                  call.visible(h.createQuery(OF_DEVICE + MOST_SHOWN)).bind("id", id), profiles);
            });
  }

  private CommandView one(Call call) {
    UUID id = id(call.path("id"));
    return database
        .jdbi()
        .withHandle(
            h ->
                CommandView.list(call.visible(h.createQuery(ONE)).bind("id", id), profiles).stream()
                    .findFirst()
                    .orElseThrow(CommandRoutes::unknown));
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
  }

  private static ApiException unknown() {
    return ApiException.notFound("command", "该指令", "This command");
  }

  private static Target target(Handle handle, Call call, long id) {
    return call.visible(handle.createQuery(DEVICE))
        .bind("id", id)
        .map(
            (rs, ctx) ->
                new Target(
                    rs.getInt("id"),
                    rs.getInt("gateway"),
                    rs.getString("profile"),
                    List.of((String[]) rs.getArray("writable").getArray())))
        .findOne()
        .orElseThrow(() -> ApiException.notFound("equipment", "该设备", "This equipment"));
  }

  private CommandView ask(Call call) {
    long id = call.id("equipment", "该设备", "This equipment");
    Ask ask = call.body(Ask.class);
    UUID made = UUID.randomUUID();
    CommandView view =
        database
            .jdbi()
            .inTransaction(
                h -> {
                  Target target = target(h, call, id);
                  check(target, ask);
                  if (isOpen(h, target, ask.point())) {
                    throw ApiException.conflict(
                        "command-open",
                        "该点位已有指令在执行，请等待其结束。",
                        "Another command for this point is under way; wait for its end.");
                  }
                  store(h, call, target, ask, made);
                  return CommandView.find(h, List.of(made.toString()), profiles).get(0);
                });
    commands.hurry(made.toString());
    return view;
  }

  private void check(Target target, Ask ask) {
    Profile profile =
        Optional.ofNullable(target.profile())
            .flatMap(profiles::find)
            .orElseThrow(() -> refused(CommandReason.NOT_WRITABLE));
    if (profile.category() == Category.FIRE_PANEL) {
      throw refused(CommandReason.FIRE);
    }
    Point point =
        profile.point(ask.point()).orElseThrow(() -> refused(CommandReason.NO_SUCH_POINT));
    if (!target.writable().contains(ask.point())) {
      throw refused(CommandReason.NOT_ALLOWED);
    }
    Setting.Problem problem = Setting.of(profile, point, ask.value()).problem();
    if (problem != null) {
      throw refused(CommandReason.valueOf(problem.name()));
    }
    if (ask.reason().isBlank()) {
      throw ApiException.badRequest("reason", "请填写原因", "say why");
    }
  }

  private static ApiException refused(CommandReason reason) {
    Event.LocalName text = reason.text();
    return new ApiException(409, "command-" + reason.key(), text.zh() + "。", text.en() + ".");
  }

  private static boolean isOpen(Handle handle, Target target, String point) {
    return handle
        .createQuery(OPEN)
        .bind("device", target.device())
        .bind("point", point)
        .mapTo(Boolean.class)
        .one();
  }

  private void store(Handle handle, Call call, Target target, Ask ask, UUID id) {
    Instant now = clock.instant();
    int seconds = Objects.requireNonNullElse(ask.expiresInSeconds(), USUAL_SECONDS);
    handle
        .createUpdate(ASK)
        .bind("id", id)
        .bind("gateway", target.gateway())
        .bind("device", target.device())
        .bind("point", ask.point())
        .bind("value", ask.value())
        .bind("reason", ask.reason().strip())
        .bind("author", call.caller().name())
        .bind("now", CommandCourier.utc(now))
        .bind("expires", CommandCourier.utc(now.plusSeconds(seconds)))
        .execute();
    Audit.add(
        handle,
        call.caller().name(),
        "send-command",
        id.toString(),
        target.device() + "/" + ask.point() + " = " + ask.value() + ": " + ask.reason(),
        call.remote());
  }
}
