package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.Point;
import io.plantroom.telemetry.Cause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.SessionActivityListener;
import org.eclipse.milo.opcua.sdk.client.UaSession;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of one session. It is over for good when the server has forgotten it or has been
 * silent for longer than it promised; then the session is to be begun anew.
 */
final class Watch implements OpcUaSubscription.SubscriptionListener, SessionActivityListener {
  private static final double KEEP_ALIVE_MILLIS = 5000;
  private static final double LATE = 2.5;
  private static final long GRACE_MILLIS = 1000;

  /** What came for one device at once. */
  interface Ear {
    void heard(List<Told> values, Instant at);
  }

  /** A value of a point. */
  record Told(String point, DataValue value) {}

  /** What an item is for; its user object. */
  record Subject(Point point, Ear ear) {}

  private final OpcUaSubscription subscription;
  private final InstantSource clock;
  private volatile long wordNanos = System.nanoTime();
  private volatile Instant word;
  private volatile @Nullable LocalText over;
  private volatile boolean active = true;

  private Watch(OpcUaSubscription subscription, InstantSource clock) {
    this.subscription = subscription;
    this.clock = clock;
    this.word = clock.instant();
  }

  static Watch begin(OpcUaClient client, Duration every, InstantSource clock) throws UaException {
    OpcUaSubscription subscription = new OpcUaSubscription(client, (double) every.toMillis());
    subscription.setTargetKeepAliveInterval(Math.max(KEEP_ALIVE_MILLIS, (double) every.toMillis()));
    Watch watch = new Watch(subscription, clock);
    subscription.setSubscriptionListener(watch);
    client.addSessionActivityListener(watch);
    subscription.create();
    watch.spoke();
    return watch;
  }

  /** Asks for items, each of which has a {@link Subject}, and its result afterwards. */
  void add(List<OpcUaMonitoredItem> items) {
    subscription.addMonitoredItems(items);
    var unused = subscription.createMonitoredItems();
    spoke();
  }

  /** Wants no more of these. */
  void remove(List<OpcUaMonitoredItem> items) {
    subscription.removeMonitoredItems(items);
  }

  /** Tells the server about {@link #remove}; of those it never had nothing is said. */
  void forget(List<OpcUaMonitoredItem> items) {
    remove(items);
    if (over == null && active) {
      // Not waited for: whoever changes or ends the agent shall not wait for a server.
      var unused = CompletableFuture.runAsync(subscription::deleteMonitoredItems);
    }
  }

  /** When the server last spoke: a change, or that there was none. */
  Instant lastWord() {
    return word;
  }

  /** Whether the session is up; if not the library is at taking it up again. */
  boolean isActive() {
    return active;
  }

  /**
   * Fails when nothing more is to be expected.
   *
   * @throws DriverException with the reason
   */
  void check() throws DriverException {
    LocalText reason = over;
    if (reason != null) {
      throw new DriverException(Cause.NO_CONNECTION, reason.zh(), reason.en());
    }
    Duration silence = Duration.ofNanos(System.nanoTime() - wordNanos);
    Duration longest = longestSilence();
    if (silence.compareTo(longest) > 0) {
      throw new DriverException(
          Cause.TIMEOUT,
          "服务器已静默 " + silence.toSeconds() + " 秒，最长应为 " + longest.toSeconds() + " 秒",
          "the server said nothing for "
              + silence.toSeconds()
              + " s, longest is "
              + longest.toSeconds()
              + " s");
    }
  }

  private Duration longestSilence() {
    double interval = subscription.getRevisedPublishingInterval().orElse(KEEP_ALIVE_MILLIS);
    double count = subscription.getRevisedMaxKeepAliveCount().map(Number::doubleValue).orElse(1.0);
    return Duration.ofMillis((long) (interval * count * LATE) + GRACE_MILLIS);
  }

  private void spoke() {
    word = clock.instant();
    wordNanos = System.nanoTime();
  }

  @Override
  public void onDataReceived(
      OpcUaSubscription from, List<OpcUaMonitoredItem> items, List<DataValue> values) {
    spoke();
    Instant at = word;
    IdentityHashMap<Ear, List<Told>> byEar = new IdentityHashMap<>();
    Ear last = null;
    List<Told> told = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).getUserObject().orElse(null) instanceof Subject subject) {
        if (subject.ear() != last) {
          // Those of a device mostly stand together.
          last = subject.ear();
          told = byEar.computeIfAbsent(last, e -> new ArrayList<>());
        }
        told.add(new Told(subject.point().name(), values.get(i)));
      }
    }
    byEar.forEach((ear, of) -> ear.heard(of, at));
  }

  @Override
  public void onKeepAliveReceived(OpcUaSubscription from) {
    spoke();
  }

  @Override
  public void onStatusChanged(OpcUaSubscription from, StatusCode status) {
    if (status.isBad()) {
      over = new LocalText("服务器终止了订阅：" + status, "the server ended the subscription: " + status);
    }
  }

  @Override
  public void onTransferFailed(OpcUaSubscription from, StatusCode status) {
    over = new LocalText("服务器丢失了订阅：" + status, "the server lost the subscription: " + status);
  }

  @Override
  public void onNotificationDataLost(OpcUaSubscription from) {
    // Some changes are gone. A new session begins with all present values.
    over = new LocalText("服务器丢失了通知", "the server lost notifications");
  }

  @Override
  public void onSessionActive(UaSession session) {
    active = true;
  }

  @Override
  public void onSessionInactive(UaSession session) {
    active = false;
  }
}
