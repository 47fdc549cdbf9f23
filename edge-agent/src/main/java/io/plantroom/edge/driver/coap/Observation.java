package io.plantroom.edge.driver.coap;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapObserveRelation;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Response;
import org.jspecify.annotations.Nullable;

/**
 * A resource whose changes the device tells (RFC 7641). The library asks again when the device is
 * silent for longer than it promised, and leaves out notifications that were overtaken; when even
 * asking again failed, {@link #renew()} begins anew.
 */
final class Observation {
  /** A device that cannot tell this resource today will hardly learn it within minutes. */
  private static final long CANNOT_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** One that could before may only have been busy, or full. */
  private static final long COULD_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Beyond the promised lifetime: the library's own way to ask again takes that long. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Not one sign of an observation for so long, while the device answers: it is lost. */
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final CoapClient client;
  private final IntSupplier accept;
  private final Consumer<Response> sink;
  private @Nullable CoapObserveRelation relation;
  private volatile @Nullable Ear ear;
  private volatile boolean could;
  private long begun = System.nanoTime();
  private volatile long notBefore = System.nanoTime();
  private volatile long freshUntil = System.nanoTime();

  Observation(CoapPeer peer, String path, IntSupplier accept, Consumer<Response> sink) {
    this.client = client(peer, path);
    this.accept = accept;
    this.sink = sink;
  }

  /** On its own the library would start a thread for each observation. */
  private static CoapClient client(CoapPeer peer, String path) {
    CoapClient client =
        new CoapClient(peer.uri(path)) {
          @Override
          protected void execute(Runnable heard) {
            heard.run();
          }
        };
    client.setEndpoint(peer.endpoint());
    client.setExecutors(peer.timer(), peer.timer(), true);
    return client;
  }

  /** Whether the last word still holds by what the device promised with it (Max-Age). */
  boolean isFresh() {
    return System.nanoTime() - freshUntil < 0;
  }

  /**
   * Begins to observe unless that is under way, or was refused lately; does not wait. To be called
   * when the device has answered.
   */
  void renew() {
    CoapObserveRelation now = relation;
    long time = System.nanoTime();
    if (ear != null && now != null && !now.isCanceled()) {
      if (isFresh() || time - begun < STUCK_NANOS) {
        return;
      }
      // It confirmed to have heard us and never answered, so the library waits for minutes.
      now.reactiveCancel();
    } else if (time - notBefore < 0) {
      return;
    }
    begun = time;
    // The client would go on in the DTLS session of its last answer, which may be gone for good.
    client.setDestinationContext(null);
    Ear fresh = new Ear();
    ear = fresh;
    int format = accept.getAsInt();
    relation =
        format == MediaTypeRegistry.UNDEFINED
            ? client.observe(fresh)
            : client.observe(fresh, format);
  }

  /** Of one registration; what comes for an earlier one is not heard any more. */
  private final class Ear implements CoapHandler {
    @Override
    public void onLoad(CoapResponse response) {
      if (ear == this) {
        told(response.advanced());
      }
    }

    @Override
    public void onError() {
      if (ear == this) {
        ear = null;
        freshUntil = System.nanoTime();
      }
    }
  }

  private void told(Response answer) {
    boolean good = answer.getCode().isSuccess();
    long now = System.nanoTime();
    if (good && answer.getOptions().hasObserve()) {
      could = true;
      freshUntil = now + TimeUnit.SECONDS.toNanos(answer.getOptions().getMaxAge()) + GRACE_NANOS;
    } else {
      freshUntil = now;
      notBefore = good ? now + (could ? COULD_NANOS : CANNOT_NANOS) : now;
      ear = null;
    }
    sink.accept(answer);
  }

  void close() {
    CoapObserveRelation now = relation;
    if (now != null) {
      now.reactiveCancel();
    }
    client.shutdown();
  }
}
