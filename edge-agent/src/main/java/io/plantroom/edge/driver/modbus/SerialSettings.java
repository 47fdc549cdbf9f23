package io.plantroom.edge.driver.modbus;

import com.fazecast.jSerialComm.SerialPort;
import io.plantroom.edge.config.DeviceConfig;
import org.jspecify.annotations.Nullable;

/**
 * How a serial line is driven, from the parameters of its endpoint: {@code baud} (9600), {@code
 * parity} none, even or odd (none), {@code stop-bits} 1 or 2 (1), {@code rs485=on} where the kernel
 * is to switch the transceiver's direction, with {@code rs485-rts} high or low (high) while sending
 * and {@code rs485-delay-before} and {@code rs485-delay-after} in microseconds (0).
 */
record SerialSettings(
    String path,
    int baud,
    int parity,
    int stopBits,
    boolean rs485,
    boolean rtsHigh,
    int delayBeforeMicros,
    int delayAfterMicros) {

  static SerialSettings of(DeviceConfig device) {
    String parity = or(device.parameter("parity"), "none");
    return new SerialSettings(
        device.endpoint().getPath(),
        number(device.parameter("baud"), 9600),
        parity.equals("even")
            ? SerialPort.EVEN_PARITY
            : parity.equals("odd") ? SerialPort.ODD_PARITY : SerialPort.NO_PARITY,
        number(device.parameter("stop-bits"), 1) == 2
            ? SerialPort.TWO_STOP_BITS
            : SerialPort.ONE_STOP_BIT,
        or(device.parameter("rs485"), "off").equals("on"),
        !or(device.parameter("rs485-rts"), "high").equals("low"),
        number(device.parameter("rs485-delay-before"), 0),
        number(device.parameter("rs485-delay-after"), 0));
  }

  /** Silence that ends a frame: three and a half characters, never below 1.75 ms. */
  long gapNanos() {
    return Math.max(1_750_000L, 38_500_000_000L / baud);
  }

  private static String or(@Nullable String text, String otherwise) {
    return text == null ? otherwise : text;
  }

  private static int number(@Nullable String text, int otherwise) {
    return text == null ? otherwise : Integer.parseInt(text);
  }
}
