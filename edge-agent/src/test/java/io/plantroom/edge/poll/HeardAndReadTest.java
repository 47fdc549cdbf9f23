package io.plantroom.edge.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plantroom.edge.TestDevices;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.SubscribingDriver;
import io.plantroom.profile.Point;
import io.plantroom.profile.Raw;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import io.plantroom.telemetry.Sample;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A value that came unasked and stands in the next read, too. */
class HeardAndReadTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final DeviceConfig device =
      TestDevices.device("m", "test-meter", "modbus-tcp://h:502?unit=1", Duration.ofSeconds(1));
  private final Point point = device.profile().points().get(0);
  private final RawValue word = RawValue.good(point.name(), NOON, new Raw.Whole(2301));
  private final Telling driver = new Telling();
  private final List<Sample> read = new ArrayList<>();
  private final List<Sample> told = new ArrayList<>();
  private boolean full;

  private final DevicePoller poller =
      new DevicePoller(
          device,
          driver,
          new PollSink() {
            @Override
            public void onRead(DeviceConfig of, List<Sample> samples) {
              read.addAll(samples);
            }

            @Override
            public void onReport(List<Sample> samples) {
              if (full) {
                throw new IllegalStateException("full");
              }
              told.addAll(samples);
            }
          },
          InstantSource.fixed(NOON),
          ClockTrust.always(),
          Duration.ofMinutes(5));

  /** Reads what it has told last. */
  private final class Telling implements SubscribingDriver {
    private Consumer<List<RawValue>> ear = values -> {};
    private @Nullable RawValue shows;
    private boolean away;

    @Override
    public void subscribe(List<Point> points, Consumer<List<RawValue>> sink) {
      ear = sink;
    }

    void tell(RawValue value) {
      shows = value;
      ear.accept(List.of(value));
    }

    @Override
    public List<RawValue> read(List<Point> points) throws DriverException {
      if (away) {
        throw new DriverException(Cause.TIMEOUT, "away");
      }
      return points.stream().map(p -> shows != null && p.equals(point) ? shows : other(p)).toList();
    }

    private RawValue other(Point p) {
      return RawValue.bad(p.name(), NOON, Cause.NOT_AVAILABLE);
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void listen() {
    poller.listen(Runnable::run);
  }

  private void poll() {
    poller.begin(false);
    while (poller.hasMore()) {
      poller.step(Runnable::run, Runnable::run);
    }
    poller.finish();
  }

  private List<Sample> of(List<Sample> samples) {
    return samples.stream().filter(s -> s.point().equals(point.name())).toList();
  }

  @Test
  void isHandledOnce() {
    driver.tell(word);
    poll();
    poll();
    assertThat(of(read)).hasSize(1);
    assertThat(of(told)).hasSize(1);
    assertThat(read).hasSizeGreaterThan(1);
  }

  @Test
  void isHandledAgainAsOfALaterWord() {
    driver.tell(word);
    driver.shows = RawValue.good(point.name(), NOON.plusSeconds(1), new Raw.Whole(2301));
    poll();
    assertThat(of(read)).hasSize(2);
  }

  @Test
  void isToldAgainAfterAnOutage() {
    driver.tell(word);
    driver.away = true;
    poll();
    poll();
    assertThat(of(told)).extracting(Sample::quality).containsExactly(Quality.GOOD, Quality.BAD);
    driver.away = false;
    poll();
    assertThat(of(told)).hasSize(3);
    assertThat(of(told).get(2).quality()).isEqualTo(Quality.GOOD);
  }

  @Test
  void isReadWhenNobodyTookItWhenItCame() {
    full = true;
    assertThatThrownBy(() -> driver.tell(word)).hasMessage("full");
    full = false;
    poll();
    assertThat(of(told)).hasSize(1);
  }
}
