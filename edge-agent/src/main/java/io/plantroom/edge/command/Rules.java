package io.plantroom.edge.command;

import io.plantroom.edge.config.CommandsConfig;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.poll.ClockTrust;
import io.plantroom.profile.Category;
import io.plantroom.profile.Point;
import io.plantroom.profile.Quantity;
import io.plantroom.profile.Setting;
import io.plantroom.wire.Command;
import io.plantroom.wire.CommandReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a command may be carried out here and now. */
final class Rules {
  /** A command that may wait for longer than the hub ever lets one wait was not made by it. */
  static final Duration LONGEST = Duration.ofMinutes(65);

  private final CommandsConfig allowed;
  private final Field field;
  private final InstantSource clock;
  private final ClockTrust trust;

  Rules(CommandsConfig allowed, Field field, InstantSource clock, ClockTrust trust) {
    this.allowed = allowed;
    this.field = field;
    this.clock = clock;
    this.trust = trust;
  }

  /** What is to be written to which point, or why not. */
  record Judgement(@Nullable Point point, @Nullable Quantity quantity, @Nullable Verdict refusal) {
    Point writtenPoint() {
      return Objects.requireNonNull(point);
    }

    Quantity wanted() {
      return Objects.requireNonNull(quantity);
    }

    private static Judgement no(CommandReason reason) {
      return new Judgement(null, null, Verdict.refused(reason));
    }
  }

  /** Fire first: no configuration, profile or command makes an exception of it. */
  Judgement judge(Command command) {
    Optional<DeviceConfig> device = field.device(command.device());
    if (device.isPresent() && device.get().profile().category() == Category.FIRE_PANEL) {
      return Judgement.no(CommandReason.FIRE);
    }
    if (!allowed.allows(command.device(), command.point())) {
      return Judgement.no(CommandReason.NOT_ALLOWED);
    }
    if (device.isEmpty()) {
      return Judgement.no(CommandReason.NO_SUCH_DEVICE);
    }
    Optional<Point> point = device.get().profile().point(command.point());
    if (point.isEmpty()) {
      return Judgement.no(CommandReason.NO_SUCH_POINT);
    }
    Setting setting = Setting.of(device.get().profile(), point.get(), command.value());
    Quantity quantity = setting.quantity();
    if (quantity == null) {
      return Judgement.no(reason(Objects.requireNonNull(setting.problem())));
    }
    return new Judgement(point.get(), quantity, inTime(command));
  }

  /** Null when it comes in time by a clock that can be believed; asked again before the write. */
  @Nullable Verdict inTime(Command command) {
    if (!trust.trusted()) {
      return Verdict.refused(CommandReason.CLOCK);
    }
    Instant now = clock.instant();
    if (!now.isBefore(command.expires())) {
      return Verdict.expired();
    }
    return now.plus(LONGEST).isBefore(command.expires())
        ? Verdict.refused(CommandReason.TOO_LONG)
        : null;
  }

  /** The reason for the hub. */
  static CommandReason reason(Setting.Problem problem) {
    return switch (problem) {
      case FIRE -> CommandReason.FIRE;
      case NOT_WRITABLE -> CommandReason.NOT_WRITABLE;
      case NOT_A_NUMBER -> CommandReason.NOT_A_NUMBER;
      case OUT_OF_BOUNDS -> CommandReason.OUT_OF_BOUNDS;
      case NOT_A_STEP -> CommandReason.NOT_A_STEP;
      case NOT_A_STATE -> CommandReason.NOT_A_STATE;
    };
  }
}
