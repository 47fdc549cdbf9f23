package io.plantroom.profile;

import org.jspecify.annotations.Nullable;

/** Where a point is found, in the words of its protocol. */
public sealed interface PointAddress {

  /**
   * Modbus.
   *
   * @param register address on the wire, counted from 0 (never the vendor's 1-based number)
   * @param words order of the registers, high first unless said
   * @param bytes order of the bytes within a register, high first unless said
   * @param length registers of a text; other types have their own
   * @param bits which bits of an integer are meant, all unless said; the value is shifted down
   * @param vendor the address as the maker prints it, for people only
   */
  record Modbus(
      RegisterTable table,
      int register,
      RegisterType type,
      WordOrder words,
      WordOrder bytes,
      @Nullable Integer length,
      @Nullable Bits bits,
      @Nullable String vendor)
      implements PointAddress {
    public Modbus {
      if ((type == RegisterType.TEXT) == (length == null)) {
        throw new IllegalArgumentException("a length goes with the type text, and only there");
      }
      if (length != null && (length < 1 || length > 125)) {
        throw new IllegalArgumentException("length must be 1 to 125 registers, got " + length);
      }
      if (register < 0 || register + (length == null ? type.registers() : length) > 65536) {
        throw new IllegalArgumentException("register must be 0 to 65535, got " + register);
      }
      if (table.holdsBits() != (type == RegisterType.BIT)) {
        throw new IllegalArgumentException(
            "type bit goes with the tables coil and discrete-input, and only there");
      }
      if (bits != null && (type == RegisterType.TEXT || type.isBcd())) {
        throw new IllegalArgumentException("bits go with the types int16 to uint64 only");
      }
      if (bits != null && bits.to() >= 16 * type.registers()) {
        throw new IllegalArgumentException(
            "this type has the bits 0 to " + (16 * type.registers() - 1) + ", got " + bits.to());
      }
      words = words == null ? WordOrder.HIGH_FIRST : words;
      bytes = bytes == null ? WordOrder.HIGH_FIRST : bytes;
    }

    /** How many addresses the value takes. */
    public int registers() {
      return length == null ? type.registers() : length;
    }
  }

  /** Bits {@code from} (lowest, 0) to {@code to} (highest) of an integer. */
  record Bits(int from, int to) {
    public Bits {
      if (from < 0 || to < from || to > 63) {
        throw new IllegalArgumentException("bits need 0 <= from <= to <= 63");
      }
    }

    long of(long word) {
      return word >>> from & mask();
    }

    long into(long word, long value) {
      return (word & ~(mask() << from)) | (value & mask()) << from;
    }

    private long mask() {
      return to - from == 63 ? -1L : (1L << (to - from + 1)) - 1;
    }
  }

  /**
   * OPC UA.
   *
   * @param node node id such as {@code ns=2;s={device}.CarPosition}; {@code {device}} becomes the
   *     {@code device} parameter of the endpoint, so one server can hold many devices of one model
   */
  record OpcUa(String node) implements PointAddress {}

  /**
   * CoAP.
   *
   * @param path resource, for instance {@code /3424/0/1}; {@code {device}} as for OPC UA
   * @param record name of the SenML record within the answer when it holds several
   * @param observe whether the device is asked to tell changes by itself
   * @param type of the number, for formats that do not say it
   */
  record Coap(String path, @Nullable String record, boolean observe, @Nullable CoapType type)
      implements PointAddress {}
}
