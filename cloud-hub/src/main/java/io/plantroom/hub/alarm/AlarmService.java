package io.plantroom.hub.alarm;

import io.plantroom.hub.database.Database;
import io.plantroom.hub.fleet.Devices;
import io.plantroom.hub.ingest.AfterCommit;
import io.plantroom.hub.ingest.EventListener;
import io.plantroom.hub.ingest.GatewayRef;
import io.plantroom.hub.live.LiveFeed;
import io.plantroom.profile.AlarmCondition;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.Point;
import io.plantroom.profile.Priority;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.wire.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Turns what gateways tell into alarms. Texts and rules come from the device's profile. */
public final class AlarmService implements EventListener {
  private static final LocalText OFFLINE = new LocalText("设备离线", "Device offline");
  private static final LocalText OFFLINE_CAUSE =
      new LocalText(
          "设备不再应答：断电、通信线路或地址故障。", "The device no longer answers: power, cable or address.");
  private static final LocalText OFFLINE_ADVICE =
      new LocalText("检查设备供电与通信线路。", "Check the supply of the device and its cable.");
  private static final LocalText GONE = new LocalText("网关离线", "Gateway offline");
  private static final LocalText GONE_CAUSE =
      new LocalText(
          "网关失去联系：断电或网络中断。数据在网关上保存。",
          "The gateway is out of reach: power or network. It keeps its data.");
  private static final LocalText GONE_ADVICE =
      new LocalText(
          "检查机房供电和网络，恢复后数据自动补传。",
          "Check power and network of the plant room; the data follows by itself.");
  private static final LocalText NO_TEXT =
      new LocalText("设备模型中没有此告警的说明。", "The device's profile says nothing of this alarm.");

  private final Database database;
  private final ProfileCatalog profiles;
  private final CorrectiveOrders orders;
  private final LiveFeed live;
  private final InstantSource clock;

  public AlarmService(
      Database database,
      ProfileCatalog profiles,
      CorrectiveOrders orders,
      LiveFeed live,
      InstantSource clock) {
    this.database = database;
    this.profiles = profiles;
    this.orders = orders;
    this.live = live;
    this.clock = clock;
  }

  @Override
  public void on(Handle handle, GatewayRef gateway, Event event, AfterCommit after) {
    if (event instanceof Event.AlarmChange change) {
      condition(handle, gateway, change, after);
    } else if (event instanceof Event.LinkChange link) {
      link(handle, gateway, link, after);
    }
  }

  /** The gateway itself is gone. */
  public void gatewayGone(Handle handle, GatewayRef gateway, Instant at, AfterCommit after) {
    AlarmSpec spec =
        new AlarmSpec(
            gateway,
            null,
            "gateway-offline",
            "gateway",
            GONE,
            GONE_CAUSE,
            GONE_ADVICE,
            Priority.HIGH,
            false,
            false,
            null,
            null,
            null,
            UUID.randomUUID(),
            at);
    // Silence goes on; it is told once.
    if (!active(handle, gateway)) {
      raise(handle, spec, after);
    }
  }

  /** The gateway is back. */
  public void gatewayBack(Handle handle, GatewayRef gateway, Instant at, AfterCommit after) {
    changed(AlarmLedger.clear(handle, gateway, null, "gateway-offline", null, at), after);
  }

  private void condition(
      Handle handle, GatewayRef gateway, Event.AlarmChange change, AfterCommit after) {
    Devices.Device device = Devices.of(handle, gateway.id(), change.device());
    Instant at = sane(change.at());
    if (change.change() == Event.Change.CLEARED) {
      changed(
          AlarmLedger.clear(handle, gateway, device.id(), change.alarm(), change.occurrence(), at),
          after);
      return;
    }
    Optional<Profile> profile = device.profileId().flatMap(profiles::find);
    Optional<AlarmCondition> rule = profile.flatMap(p -> p.alarm(change.alarm()));
    LocalText key = new LocalText(change.alarm(), change.alarm());
    String point = change.point();
    AlarmSpec spec =
        new AlarmSpec(
            gateway,
            device.id(),
            change.alarm(),
            category(profile),
            rule.map(AlarmCondition::title).orElse(key),
            rule.map(AlarmCondition::cause).orElse(NO_TEXT),
            rule.map(AlarmCondition::advice).orElse(NO_TEXT),
            rule.map(AlarmCondition::priority).orElse(Priority.MEDIUM),
            rule.map(AlarmCondition::latched).orElse(false),
            rule.map(AlarmCondition::workOrder).orElse(false),
            point,
            change.value(),
            unit(profile, point),
            change.occurrence(),
            at);
    raise(handle, spec, after);
  }

  private void link(Handle handle, GatewayRef gateway, Event.LinkChange link, AfterCommit after) {
    Devices.Device device = Devices.of(handle, gateway.id(), link.device());
    Instant at = sane(link.at());
    if (link.online()) {
      changed(AlarmLedger.clear(handle, gateway, device.id(), "device-offline", null, at), after);
      return;
    }
    String identity = gateway.code() + "/" + link.device() + "/" + link.at();
    raise(
        handle,
        new AlarmSpec(
            gateway,
            device.id(),
            "device-offline",
            category(device.profileId().flatMap(profiles::find)),
            OFFLINE,
            OFFLINE_CAUSE,
            OFFLINE_ADVICE,
            Priority.MEDIUM,
            false,
            false,
            null,
            link.reason(),
            null,
            UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)),
            at),
        after);
  }

  private void raise(Handle handle, AlarmSpec spec, AfterCommit after) {
    OptionalLong id = AlarmLedger.raise(handle, spec);
    Integer device = spec.deviceId();
    if (id.isPresent() && spec.workOrder() && device != null) {
      orders.open(
          handle,
          new CorrectiveOrders.Request(
              spec.gateway().siteId(),
              device,
              spec.key(),
              spec.title(),
              spec.priority().name().toLowerCase(Locale.ROOT),
              id.getAsLong()),
          after);
    }
    changed(id, after);
  }

  private void changed(OptionalLong id, AfterCommit after) {
    if (id.isPresent()) {
      after.run(() -> show(id.getAsLong()));
    }
  }

  /** Tells the consoles how an alarm now stands. */
  void show(long id) {
    find(id).ifPresent(a -> live.publish(List.of(new LiveFeed.Item(a.siteId(), "alarm", a))));
  }

  private Optional<AlarmView> find(long id) {
    return database
        .jdbi()
        .withHandle(
            h ->
                h.createQuery(AlarmView.SELECT + "a.id = :id")
                    .bind("id", id)
                    .map((rs, ctx) -> AlarmView.of(rs))
                    .findOne());
  }

  private static boolean active(Handle handle, GatewayRef gateway) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT 1 FROM alarm WHERE gateway_id = :gateway AND device_id IS NULL
                              AND key = 'gateway-offline' AND cleared_at IS NULL)""")
        .bind("gateway", gateway.id())
        .mapTo(Boolean.class)
        .one();
  }

  /** A clock that is far off must not put an alarm out of sight. */
  private Instant sane(Instant at) {
    Instant now = clock.instant();
    boolean absurd =
        at.isBefore(Instant.parse("2020-01-01T00:00:00Z"))
            || at.isAfter(now.plus(Duration.ofDays(1)));
    return absurd ? now : at;
  }

  private static String category(Optional<Profile> profile) {
    return profile
        .map(p -> p.category().name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .orElse("unknown");
  }

  private static @Nullable String unit(Optional<Profile> profile, @Nullable String point) {
    return point == null
        ? null
        : profile.flatMap(p -> p.point(point)).map(Point::unit).orElse(null);
  }
}
