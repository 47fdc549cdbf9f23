package io.plantroom.edge.driver.modbus;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.ModbusSlaveException;
import com.ghgande.j2mod.modbus.io.ModbusTCPTransaction;
import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.ModbusResponse;
import com.ghgande.j2mod.modbus.msg.ReadCoilsRequest;
import com.ghgande.j2mod.modbus.msg.ReadCoilsResponse;
import com.ghgande.j2mod.modbus.msg.ReadInputDiscretesRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputDiscretesResponse;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersResponse;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersResponse;
import com.ghgande.j2mod.modbus.net.TCPMasterConnection;
import com.ghgande.j2mod.modbus.procimg.InputRegister;
import com.ghgande.j2mod.modbus.util.BitVector;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.profile.RegisterTable;
import io.plantroom.telemetry.Cause;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection, shared by the units of a bus. Used by one thread at a time. After anything that
 * may leave half an answer on the line, the connection is made anew.
 */
final class ModbusLine {
  private final String host;
  private final int port;
  private final boolean rtu;
  private @Nullable TCPMasterConnection connection;

  ModbusLine(String host, int port, boolean rtu) {
    this.host = host;
    this.port = port;
    this.rtu = rtu;
  }

  /** The unit answered, but not what was asked, or with an error of the protocol. */
  static final class BadAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    private final Cause reason;
    private final boolean addressRefused;

    BadAnswer(Cause reason, boolean addressRefused, String message) {
      super(message);
      this.reason = reason;
      this.addressRefused = addressRefused;
    }

    Cause reason() {
      return reason;
    }

    /** A smaller request may succeed. */
    boolean addressRefused() {
      return addressRefused;
    }
  }

  /**
   * Asks once, without a repeat.
   *
   * @return as many registers, or bits as 0 and 1, as were asked for
   */
  int[] read(RegisterTable table, int unit, int first, int count, Duration timeout)
      throws DriverException, BadAnswer {
    TCPMasterConnection line = connected(timeout);
    ModbusRequest request = request(table, first, count);
    request.setUnitID(unit);
    ModbusTCPTransaction transaction = new ModbusTCPTransaction(line);
    transaction.setRequest(request);
    // 0 would mean the default of 5, each with a pause of its own.
    transaction.setRetries(1);
    try {
      transaction.execute();
      return checked(table, unit, count, transaction.getResponse());
    } catch (ModbusSlaveException e) {
      boolean address = e.isType(2) || e.isType(3);
      throw new BadAnswer(Cause.DEVICE_EXCEPTION, address, "exception " + e.getType());
    } catch (ModbusException e) {
      close();
      throw new DriverException(
          Cause.TIMEOUT, "unit " + unit + " did not answer: " + e.getMessage(), e);
    } catch (BadAnswer e) {
      close();
      throw e;
    } catch (RuntimeException e) {
      // The library trusts lengths in an answer; a hostile one ends in an array of negative size.
      close();
      throw new BadAnswer(Cause.INVALID_REPLY, false, "unreadable answer: " + e);
    }
  }

  void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  private TCPMasterConnection connected(Duration timeout) throws DriverException {
    if (connection != null && !connection.isConnected()) {
      close();
    }
    try {
      TCPMasterConnection line = connection;
      if (line == null) {
        line = new TCPMasterConnection(InetAddress.getByName(host));
        line.setPort(port);
        line.setTimeout(Math.toIntExact(timeout.toMillis()));
        line.setUseRtuOverTcp(rtu);
        line.connect();
        connection = line;
      }
      line.setTimeout(Math.toIntExact(timeout.toMillis()));
      line.getModbusTransport().setTimeout(Math.toIntExact(timeout.toMillis()));
      return line;
    } catch (Exception e) { // declared as such by the library
      close();
      throw new DriverException(
          Cause.NO_CONNECTION, "cannot connect to " + host + ":" + port + ": " + e.getMessage(), e);
    }
  }

  private static ModbusRequest request(RegisterTable table, int first, int count) {
    return switch (table) {
      case COIL -> new ReadCoilsRequest(first, count);
      case DISCRETE_INPUT -> new ReadInputDiscretesRequest(first, count);
      case HOLDING_REGISTER -> new ReadMultipleRegistersRequest(first, count);
      case INPUT_REGISTER -> new ReadInputRegistersRequest(first, count);
    };
  }

  /** The library takes an answer of another unit, or one that is too short, as good. */
  private int[] checked(RegisterTable table, int unit, int count, @Nullable ModbusResponse answer)
      throws BadAnswer {
    if (answer == null) {
      throw new BadAnswer(Cause.INVALID_REPLY, false, "no answer");
    }
    if (answer.getUnitID() != unit) {
      throw wrong("unit " + answer.getUnitID() + " answered in place of " + unit);
    }
    if (!rtu && answer.getProtocolID() != 0) {
      throw wrong("protocol id " + answer.getProtocolID());
    }
    return switch (table) {
      case HOLDING_REGISTER ->
          answer instanceof ReadMultipleRegistersResponse r
              ? words(r.getRegisters(), r.getByteCount(), count)
              : otherFunction(answer);
      case INPUT_REGISTER ->
          answer instanceof ReadInputRegistersResponse r
              ? words(r.getRegisters(), r.getByteCount(), count)
              : otherFunction(answer);
      case COIL ->
          answer instanceof ReadCoilsResponse r ? bits(r.getCoils(), count) : otherFunction(answer);
      case DISCRETE_INPUT ->
          answer instanceof ReadInputDiscretesResponse r
              ? bits(r.getDiscretes(), count)
              : otherFunction(answer);
    };
  }

  private static int[] otherFunction(ModbusResponse answer) throws BadAnswer {
    throw wrong("answer to function " + answer.getFunctionCode());
  }

  private static int[] words(InputRegister @Nullable [] registers, int bytes, int count)
      throws BadAnswer {
    if (registers == null || registers.length != count || bytes != count * 2) {
      throw wrong(
          "answer of " + (registers == null ? 0 : registers.length) + " registers to " + count);
    }
    int[] words = new int[count];
    for (int i = 0; i < count; i++) {
      words[i] = registers[i].toUnsignedShort();
    }
    return words;
  }

  private static int[] bits(@Nullable BitVector vector, int count) throws BadAnswer {
    if (vector == null || vector.byteSize() != (count + 7) / 8) {
      throw wrong("answer of " + (vector == null ? 0 : vector.byteSize()) + " bytes of bits");
    }
    int[] bits = new int[count];
    for (int i = 0; i < count; i++) {
      bits[i] = vector.getBit(i) ? 1 : 0;
    }
    return bits;
  }

  private static BadAnswer wrong(String message) {
    return new BadAnswer(Cause.INVALID_REPLY, false, message);
  }
}
