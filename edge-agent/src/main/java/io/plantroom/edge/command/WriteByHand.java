package io.plantroom.edge.command;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.WritingDriver;
import io.plantroom.profile.Category;
import io.plantroom.profile.Point;
import io.plantroom.profile.Quantity;
import io.plantroom.profile.Setting;
import io.plantroom.wire.CommandReason;
import io.plantroom.wire.Event.CommandOutcome;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A write by somebody who stands before the device, at commissioning. The model's bounds, the ban
 * on fire equipment, the one write and the reading back are those of commands from the hub; it has
 * no expiry, and the hub does not hear of it.
 *
 * @param wanted null exactly when it is refused
 */
public record WriteByHand(
    @Nullable Point point, @Nullable Quantity wanted, @Nullable CommandReason refusal) {
  /** Some devices take their time to show what was written. */
  private static final int LOOKS = 4;

  private static final Duration LOOK = Duration.ofSeconds(1);

  /**
   * How it ended.
   *
   * @param reason null when it is done
   * @param shown what the device showed when it was read back
   */
  public record End(
      CommandOutcome outcome,
      @Nullable CommandReason reason,
      @Nullable String shown,
      @Nullable String detail) {}

  /** Fire first, as everywhere. */
  public static WriteByHand of(DeviceConfig device, String point, String value) {
    if (device.profile().category() == Category.FIRE_PANEL) {
      return new WriteByHand(null, null, CommandReason.FIRE);
    }
    Optional<Point> found = device.profile().point(point);
    if (found.isEmpty()) {
      return new WriteByHand(null, null, CommandReason.NO_SUCH_POINT);
    }
    Setting setting = Setting.of(device.profile(), found.get(), value);
    Setting.Problem problem = setting.problem();
    return new WriteByHand(
        found.get(), setting.quantity(), problem == null ? null : Rules.reason(problem));
  }

  /**
   * What the device shows now; null when it has no value that can be read.
   *
   * @throws DriverException when it does not answer, and then it is not to be written to
   */
  public @Nullable String shown(WritingDriver driver) throws DriverException {
    return Shown.of(driver, Objects.requireNonNull(point)).text();
  }

  /** Writes once and reads back, for up to three seconds more if the device shows another value. */
  public End write(WritingDriver driver) {
    Point to = Objects.requireNonNull(point);
    Quantity value = Objects.requireNonNull(wanted);
    Verdict verdict = FieldWriter.write(driver, to, value);
    for (int looks = 1; looks < LOOKS && verdict.mayStillCome(); looks++) {
      LockSupport.parkNanos(LOOK.toNanos());
      verdict = FieldWriter.readBack(driver, to, value);
    }
    String reason = verdict.reason();
    return new End(
        verdict.outcome(),
        reason == null ? null : CommandReason.of(reason).orElse(null),
        verdict.value(),
        verdict.detail());
  }
}
