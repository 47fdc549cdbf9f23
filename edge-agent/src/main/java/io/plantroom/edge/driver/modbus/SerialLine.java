package io.plantroom.edge.driver.modbus;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.modbus.Framing.Frame;
import io.plantroom.telemetry.Cause;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * RTU on a serial line. {@link #ask} waits on the calling thread and comes back with an ended
 * future. After anything but a right answer the line must first have been quiet for a while, so
 * that a late answer is not taken for one to the next question, which RTU could not tell apart.
 */
final class SerialLine implements ModbusLine {
  /** The kernel's timer for a read on a line counts in tenths of a second. */
  private static final int READ_MILLIS = 100;

  private static final long LONGEST_DRAIN_NANOS = 2_000_000_000L;

  private final SerialSettings settings;
  private final Framing framing = new RtuFraming();
  private @Nullable SerialPort port;
  private boolean doubtful;
  private long lastByteNanos = System.nanoTime();

  SerialLine(SerialSettings settings) {
    this.settings = settings;
  }

  @Override
  public synchronized CompletableFuture<int[]> ask(
      Question question, Duration timeout, Duration pause) {
    try {
      LockSupport.parkNanos(pause.toNanos());
      SerialPort line = opened();
      quiet(line);
      doubtful = true;
      send(line, framing.frame(0, question.unit(), question.pdu()));
      Frame frame = receive(line, question, timeout);
      if (frame.unit() != question.unit()) {
        throw BadAnswer.mismatch(
            "unit " + frame.unit() + " answered in place of " + question.unit());
      }
      doubtful = false;
      return CompletableFuture.completedFuture(question.understand(frame.pdu()));
    } catch (BadAnswer e) {
      doubtful |= e.outOfStep();
      return CompletableFuture.failedFuture(e);
    } catch (DriverException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private SerialPort opened() throws DriverException {
    SerialPort line = port;
    if (line != null && line.isOpen()) {
      return line;
    }
    close();
    try {
      line = SerialPort.getCommPort(settings.path());
    } catch (SerialPortInvalidPortException e) {
      throw new DriverException(
          Cause.NO_CONNECTION,
          "本机没有串口 " + settings.path(),
          settings.path() + " is not a serial line here",
          e);
    }
    line.setComPortParameters(settings.baud(), 8, settings.stopBits(), settings.parity());
    line.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED);
    if (settings.rs485()) {
      line.setRs485ModeParameters(
          true,
          settings.rtsHigh(),
          false,
          false,
          settings.delayBeforeMicros(),
          settings.delayAfterMicros());
    }
    line.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, READ_MILLIS, 0);
    if (!line.openPort()) {
      throw new DriverException(
          Cause.NO_CONNECTION,
          "无法打开串口 " + settings.path() + "：错误 " + line.getLastErrorCode(),
          "cannot open " + settings.path() + ": error " + line.getLastErrorCode());
    }
    port = line;
    return line;
  }

  /** Waits for the gap between frames, and after trouble until nothing comes any more. */
  private void quiet(SerialPort line) {
    byte[] dropped = new byte[Framing.LONGEST];
    long began = System.nanoTime();
    if (doubtful) {
      // Each read waits for a byte, so one that comes back empty is a tenth of a second of silence.
      int n = line.readBytes(dropped, dropped.length);
      while (n > 0 && System.nanoTime() - began < LONGEST_DRAIN_NANOS) {
        n = line.readBytes(dropped, dropped.length);
      }
    } else if (line.bytesAvailable() > 0) {
      line.readBytes(dropped, dropped.length);
    }
    LockSupport.parkNanos(settings.gapNanos() - (System.nanoTime() - lastByteNanos));
  }

  private void send(SerialPort line, byte[] frame) throws DriverException {
    if (line.writeBytes(frame, frame.length) != frame.length) {
      close();
      throw new DriverException(
          Cause.NO_CONNECTION,
          "串口 " + settings.path() + " 无法发送",
          settings.path() + " takes no bytes");
    }
    lastByteNanos = System.nanoTime();
  }

  private Frame receive(SerialPort line, Question question, Duration timeout)
      throws DriverException, BadAnswer {
    ByteBuffer in = ByteBuffer.allocate(Framing.LONGEST);
    byte[] some = new byte[Framing.LONGEST];
    long until = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() - until < 0) {
      int n = line.readBytes(some, in.remaining());
      if (n < 0) {
        close();
        throw new DriverException(
            Cause.NO_CONNECTION, "串口 " + settings.path() + " 已断开", settings.path() + " is gone");
      }
      if (n > 0) {
        lastByteNanos = System.nanoTime();
        in.put(some, 0, n).flip();
        Frame frame = framing.next(in);
        in.compact();
        if (frame != null) {
          return frame;
        }
        if (!in.hasRemaining()) {
          throw BadAnswer.mismatch("more bytes than an answer has");
        }
      }
    }
    throw new DriverException(
        Cause.TIMEOUT,
        "单元 " + question.unit() + " 未按时应答",
        "unit " + question.unit() + " did not answer in time");
  }

  @Override
  public synchronized void close() {
    if (port != null) {
      port.closePort();
      port = null;
    }
  }
}
