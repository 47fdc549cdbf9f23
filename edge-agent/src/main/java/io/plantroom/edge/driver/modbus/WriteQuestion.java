package io.plantroom.edge.driver.modbus;

import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.WriteCoilRequest;
import com.ghgande.j2mod.modbus.msg.WriteMultipleCoilsRequest;
import com.ghgande.j2mod.modbus.msg.WriteMultipleRegistersRequest;
import com.ghgande.j2mod.modbus.msg.WriteSingleRegisterRequest;
import com.ghgande.j2mod.modbus.procimg.Register;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import io.plantroom.profile.RegisterTable;
import java.util.Arrays;

/** Function 5 or 15 for a coil, 6 or 16 for registers. Understood as nothing. */
final class WriteQuestion implements Question {
  private final int unit;
  private final RegisterTable table;
  private final int first;
  private final int[] values;
  private final boolean multiple;

  /**
   * A question that writes.
   *
   * @param multiple whether also a single value goes by the function for several
   */
  WriteQuestion(int unit, RegisterTable table, int first, int[] values, boolean multiple) {
    if (table == RegisterTable.DISCRETE_INPUT || table == RegisterTable.INPUT_REGISTER) {
      throw new IllegalArgumentException("inputs cannot be written");
    }
    if (table == RegisterTable.COIL && values.length != 1) {
      throw new IllegalArgumentException("coils are written one by one");
    }
    this.unit = unit;
    this.table = table;
    this.first = first;
    this.values = values;
    this.multiple = multiple;
  }

  @Override
  public int unit() {
    return unit;
  }

  @Override
  public byte[] pdu() {
    return Pdu.of(request());
  }

  private ModbusRequest request() {
    if (table == RegisterTable.COIL) {
      return multiple ? coils() : new WriteCoilRequest(first, values[0] != 0);
    }
    Register[] registers =
        Arrays.stream(values).mapToObj(SimpleRegister::new).toArray(Register[]::new);
    return registers.length == 1 && !multiple
        ? new WriteSingleRegisterRequest(first, registers[0])
        : new WriteMultipleRegistersRequest(first, registers);
  }

  private ModbusRequest coils() {
    WriteMultipleCoilsRequest request = new WriteMultipleCoilsRequest(first, values.length);
    request.setCoilStatus(0, values[0] != 0);
    return request;
  }

  @Override
  public boolean repeatable() {
    return false;
  }

  /** The answer repeats the first five bytes of the request. */
  @Override
  public int[] understand(byte[] answer) throws BadAnswer {
    expectFunction(answer, request().getFunctionCode());
    if (!Arrays.equals(answer, Arrays.copyOf(pdu(), 5))) {
      throw BadAnswer.mismatch("the answer is not about what was written");
    }
    return new int[0];
  }
}
