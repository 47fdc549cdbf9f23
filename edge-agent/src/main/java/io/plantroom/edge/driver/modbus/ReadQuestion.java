package io.plantroom.edge.driver.modbus;

import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.ReadCoilsRequest;
import com.ghgande.j2mod.modbus.msg.ReadCoilsResponse;
import com.ghgande.j2mod.modbus.msg.ReadInputDiscretesRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputDiscretesResponse;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersResponse;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersResponse;
import com.ghgande.j2mod.modbus.procimg.InputRegister;
import com.ghgande.j2mod.modbus.util.BitVector;
import io.plantroom.profile.RegisterTable;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Functions 1 to 4. Understood as registers, or bits as 0 and 1, exactly as many as asked for. */
record ReadQuestion(int unit, RegisterTable table, int first, int count) implements Question {

  @Override
  public byte[] pdu() {
    return Pdu.of(request());
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  @Override
  public int[] understand(byte[] answer) throws BadAnswer {
    expectFunction(answer, request().getFunctionCode());
    // j2mod takes an answer of any length; here it must be of the one that was asked for.
    int bytes = table.holdsBits() ? (count + 7) / 8 : count * 2;
    if (answer.length != bytes + 2 || (answer[1] & 0xFF) != bytes) {
      throw BadAnswer.mismatch(
          "answer of " + Math.max(0, answer.length - 2) + " bytes where " + bytes + " belong");
    }
    return switch (table) {
      case COIL -> bits(Pdu.read(answer, new ReadCoilsResponse()).getCoils());
      case DISCRETE_INPUT ->
          bits(Pdu.read(answer, new ReadInputDiscretesResponse()).getDiscretes());
      case HOLDING_REGISTER ->
          values(Pdu.read(answer, new ReadMultipleRegistersResponse()).getRegisters());
      case INPUT_REGISTER ->
          values(Pdu.read(answer, new ReadInputRegistersResponse()).getRegisters());
    };
  }

  private ModbusRequest request() {
    return switch (table) {
      case COIL -> new ReadCoilsRequest(first, count);
      case DISCRETE_INPUT -> new ReadInputDiscretesRequest(first, count);
      case HOLDING_REGISTER -> new ReadMultipleRegistersRequest(first, count);
      case INPUT_REGISTER -> new ReadInputRegistersRequest(first, count);
    };
  }

  private int[] bits(BitVector bits) {
    return IntStream.range(0, count).map(i -> bits.getBit(i) ? 1 : 0).toArray();
  }

  private static int[] values(InputRegister[] registers) {
    return Arrays.stream(registers).mapToInt(InputRegister::toUnsignedShort).toArray();
  }
}
