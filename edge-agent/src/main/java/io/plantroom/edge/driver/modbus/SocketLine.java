package io.plantroom.edge.driver.modbus;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.modbus.Framing.Frame;
import io.plantroom.telemetry.Cause;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection, made when there is something to ask. An answer that does not match, or bytes
 * nobody asked for, close it: nothing that comes later can be taken for an answer to something
 * else. A connection that could not be made is not tried again for a while, whichever unit asks.
 *
 * <p>All state belongs to the event loop.
 */
final class SocketLine implements ModbusLine {
  private static final long FIRST_REST_MILLIS = 250;
  private static final long LONGEST_REST_MILLIS = 15_000;

  /** Timeouts in a row, of a line with several units, before the connection itself is doubted. */
  private static final int DOUBT = 2;

  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final NameLookup names;
  private final String host;
  private final int port;
  private final Framing framing;
  private @Nullable Connection connection;
  private @Nullable Pending pending;
  private int units;
  private int transaction;
  private int failedConnects;
  private long restUntil;
  private String lastFailure = "";

  SocketLine(
      EventLoop loop,
      Bootstrap bootstrap,
      NameLookup names,
      String host,
      int port,
      Framing framing) {
    this.loop = loop;
    this.bootstrap = bootstrap;
    this.names = names;
    this.host = host;
    this.port = port;
    this.framing = framing;
  }

  /** One more unit uses the line. */
  void join() {
    loop.execute(() -> units++);
  }

  @Override
  public CompletableFuture<int[]> ask(Question question, Duration timeout, Duration pause) {
    Pending asked = new Pending(question, timeout);
    if (pause.compareTo(Duration.ZERO) > 0) {
      var unused = loop.schedule(() -> begin(asked), pause.toNanos(), TimeUnit.NANOSECONDS);
    } else if (loop.inEventLoop()) {
      begin(asked);
    } else {
      loop.execute(() -> begin(asked));
    }
    return asked.result;
  }

  @Override
  public void close() {
    loop.execute(
        () -> {
          if (connection != null) {
            connection.drop();
          }
          fail(new DriverException(Cause.NO_CONNECTION, "连接已关闭", "the line was closed"));
        });
  }

  private void begin(Pending asked) {
    if (pending != null) {
      asked.result.completeExceptionally(
          new DriverException(Cause.NO_CONNECTION, "the line was asked twice at once"));
      return;
    }
    pending = asked;
    if (connection != null) {
      send(connection, asked);
    } else {
      connect(asked);
    }
  }

  private void connect(Pending asked) {
    if (failedConnects > 0 && System.nanoTime() - restUntil < 0) {
      fail(unreachable());
      return;
    }
    var unused =
        names
            .find(host)
            .orTimeout(asked.timeout.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (address, e) ->
                    loop.execute(
                        () -> {
                          if (e != null) {
                            connectFailed(asked, "unknown host");
                          } else {
                            connect(asked, new InetSocketAddress(address, port));
                          }
                        }));
  }

  private void connect(Pending asked, InetSocketAddress address) {
    if (pending != asked) {
      return;
    }
    Connection made = new Connection();
    ChannelFuture connecting =
        bootstrap
            .clone(loop)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(asked.timeout.toMillis()))
            .handler(made)
            .connect(address);
    made.channel = connecting.channel();
    var unused =
        connecting.addListener(
            done -> {
              if (!done.isSuccess()) {
                connectFailed(asked, reason(done.cause()));
              } else if (pending != asked) {
                made.drop();
              } else {
                connection = made;
                failedConnects = 0;
                send(made, asked);
              }
            });
  }

  private static String reason(@Nullable Throwable e) {
    String text = e == null ? null : e.getMessage();
    return text == null ? "no connection" : text;
  }

  private DriverException unreachable() {
    return new DriverException(
        Cause.NO_CONNECTION, "无法连接 " + lastFailure, "cannot connect to " + lastFailure);
  }

  private void connectFailed(Pending asked, String reason) {
    long rest = FIRST_REST_MILLIS << Math.min(failedConnects, 10);
    failedConnects++;
    restUntil =
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(rest, LONGEST_REST_MILLIS));
    lastFailure = host + ":" + port + ": " + reason;
    if (pending == asked) {
      fail(unreachable());
    }
  }

  private void send(Connection on, Pending asked) {
    transaction = (transaction + 1) & 0xFFFF;
    asked.transaction = transaction;
    asked.onUsedConnection = on.answers > 0;
    asked.timer =
        loop.schedule(() -> timedOut(asked), asked.timeout.toNanos(), TimeUnit.NANOSECONDS);
    Question question = asked.question;
    byte[] frame = framing.frame(transaction, question.unit(), question.pdu());
    // A failure closes the channel, which is told below.
    var unused = on.channel().writeAndFlush(Unpooled.wrappedBuffer(frame));
  }

  private void timedOut(Pending asked) {
    if (pending != asked) {
      return;
    }
    Connection on = connection;
    if (on != null) {
      on.silences++;
      on.late = asked.transaction;
      if (!framing.numbered() || units <= 1 || on.silences >= DOUBT) {
        on.drop();
      }
    }
    fail(
        new DriverException(
            Cause.TIMEOUT,
            "单元 " + asked.question.unit() + " 未按时应答",
            "unit " + asked.question.unit() + " did not answer in time"));
  }

  private void fail(Exception reason) {
    Pending asked = pending;
    if (asked != null) {
      pending = null;
      asked.stopTimer();
      asked.result.completeExceptionally(reason);
    }
  }

  private void lost(Connection which) {
    if (connection != which) {
      return;
    }
    connection = null;
    Pending asked = pending;
    if (asked == null) {
      return;
    }
    asked.stopTimer();
    if (asked.onUsedConnection && asked.question.repeatable()) {
      // Some devices close after each answer or when idle; that is not silence yet.
      asked.onUsedConnection = false;
      connect(asked);
    } else {
      String at = host + ":" + port;
      fail(new DriverException(Cause.NO_CONNECTION, at + " 断开了连接", at + " closed the connection"));
    }
  }

  private void came(Connection on, Frame frame) throws BadAnswer {
    Pending asked = pending;
    if (framing.numbered() && frame.transaction() == on.late) {
      on.late = -1;
      return;
    }
    if (asked == null) {
      throw BadAnswer.mismatch("an answer nobody asked for");
    }
    if (framing.numbered() && frame.transaction() != asked.transaction) {
      throw BadAnswer.mismatch("an answer to another question");
    }
    if (frame.unit() != asked.question.unit()) {
      throw BadAnswer.mismatch(
          "unit " + frame.unit() + " answered in place of " + asked.question.unit());
    }
    try {
      int[] values = asked.question.understand(frame.pdu());
      answered(on, asked);
      asked.result.complete(values);
    } catch (BadAnswer e) {
      if (e.outOfStep()) {
        throw e;
      }
      answered(on, asked);
      asked.result.completeExceptionally(e);
    }
  }

  private void answered(Connection on, Pending asked) {
    on.answers++;
    on.silences = 0;
    pending = null;
    asked.stopTimer();
  }

  /** A question under way. */
  private static final class Pending {
    final Question question;
    final Duration timeout;
    final CompletableFuture<int[]> result = new CompletableFuture<>();
    int transaction;
    boolean onUsedConnection;
    @Nullable ScheduledFuture<?> timer;

    Pending(Question question, Duration timeout) {
      this.question = question;
      this.timeout = timeout;
    }

    void stopTimer() {
      if (timer != null) {
        timer.cancel(false);
        timer = null;
      }
    }
  }

  /** One life of the connection. */
  private final class Connection extends SimpleChannelInboundHandler<ByteBuf> {
    private final ByteBuffer in = ByteBuffer.allocate(2 * Framing.LONGEST);
    @Nullable Channel channel;
    long answers;
    int silences;
    int late = -1;

    Channel channel() {
      if (channel == null) {
        throw new IllegalStateException("set before the connection is used");
      }
      return channel;
    }

    /** Closes; whatever still comes over it is nobody's. */
    void drop() {
      if (connection == this) {
        connection = null;
      }
      var unused = channel().close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
      try {
        while (connection == this && bytes.isReadable()) {
          int n = Math.min(bytes.readableBytes(), in.remaining());
          if (n == 0) {
            throw BadAnswer.mismatch("more bytes than an answer has");
          }
          int limit = in.limit();
          in.limit(in.position() + n);
          bytes.readBytes(in);
          in.limit(limit);
          frames();
        }
      } catch (BadAnswer e) {
        drop();
        fail(e);
      }
    }

    private void frames() throws BadAnswer {
      in.flip();
      Frame frame = framing.next(in);
      while (frame != null && connection == this) {
        came(this, frame);
        frame = framing.next(in);
      }
      in.compact();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      lost(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var unused = context.close();
    }
  }
}
