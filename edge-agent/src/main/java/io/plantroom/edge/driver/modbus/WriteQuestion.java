package io.plantroom.edge.driver.modbus;

import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.WriteCoilRequest;
import com.ghgande.j2mod.modbus.msg.WriteMultipleRegistersRequest;
import com.ghgande.j2mod.modbus.msg.WriteSingleRegisterRequest;
import com.ghgande.j2mod.modbus.procimg.Register;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import io.plantroom.profile.RegisterTable;
import java.util.Arrays;

/** Function 5 for a coil, 6 for one register, 16 for several. Understood as nothing. */
final class WriteQuestion implements Question {
  private final int unit;
  private final RegisterTable table;
  private final int first;
  private final int[] values;

  WriteQuestion(int unit, RegisterTable table, int first, int[] values) {
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
      return new WriteCoilRequest(first, values[0] != 0);
    }
    Register[] registers =
        Arrays.stream(values).mapToObj(SimpleRegister::new).toArray(Register[]::new);
    return registers.length == 1
        ? new WriteSingleRegisterRequest(first, registers[0])
        : new WriteMultipleRegistersRequest(first, registers);
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
