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
import java.time.ZoneOffset;
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
  private static final LocalText CLOCK = new LocalText("网关时钟未同步", "Gateway clock not synchronised");
  private static final LocalText CLOCK_CAUSE =
      new LocalText(
          "网关无法从时间服务器对时，采样时间不可信。",
          "The gateway reaches no time server; the times of its samples cannot be trusted.");
  private static final LocalText CLOCK_ADVICE =
      new LocalText(
          "检查网关到时间服务器（NTP）的网络和主板电池。",
          "Check the way from the gateway to its time server (NTP) and the battery of its clock.");
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
    live.source("alarm", this::find);
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
    ofGateway(handle, gateway, "gateway-offline", Priority.HIGH, at, after);
  }

  /** The gateway does not know the time. */
  public void clockBad(Handle handle, GatewayRef gateway, Instant at, AfterCommit after) {
    ofGateway(handle, gateway, "gateway-clock", Priority.MEDIUM, at, after);
  }

  /** The gateway knows the time. */
  public void clockGood(Handle handle, GatewayRef gateway, Instant at, AfterCommit after) {
    changed(AlarmLedger.clear(handle, gateway, null, "gateway-clock", null, at), after);
  }

  private void ofGateway(
      Handle handle,
      GatewayRef gateway,
      String key,
      Priority priority,
      Instant at,
      AfterCommit after) {
    boolean clock = key.equals("gateway-clock");
    AlarmSpec spec =
        new AlarmSpec(
            gateway,
            null,
            key,
            "gateway",
            clock ? CLOCK : GONE,
            clock ? CLOCK_CAUSE : GONE_CAUSE,
            clock ? CLOCK_ADVICE : GONE_ADVICE,
            priority,
            false,
            false,
            null,
            null,
            null,
            UUID.randomUUID(),
            at);
    // It goes on; it is told once.
    if (!active(handle, gateway, key)) {
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
    if (backSince(handle, device.id(), link.at())) {
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
    live.changed("alarm", String.valueOf(id));
  }

  private List<LiveFeed.Item> find(List<String> ids) {
    return database
        .jdbi()
        .withHandle(
            h ->
                h
                    .createQuery(AlarmView.SELECT + "a.id = ANY (CAST(:ids AS bigint[]))")
                    .bindArray("ids", String.class, ids.toArray())
                    .map((rs, ctx) -> AlarmView.of(rs))
                    .stream()
                    .map(a -> new LiveFeed.Item(a.siteId(), "alarm", a))
                    .toList());
  }

  private static boolean active(Handle handle, GatewayRef gateway, String key) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT 1 FROM alarm WHERE gateway_id = :gateway AND device_id IS NULL
                              AND key = :key AND cleared_at IS NULL)""")
        .bind("gateway", gateway.id())
        .bind("key", key)
        .mapTo(Boolean.class)
        .one();
  }

  /** An old message that came late says nothing of the present. */
  private static boolean backSince(Handle handle, int device, Instant at) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT 1 FROM device WHERE id = :id AND online AND link_at > :at)""")
        .bind("id", device)
        .bind("at", at.atOffset(ZoneOffset.UTC))
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
