package io.plantroom.edge.driver.modbus;

import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.ModbusResponse;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;

/** Between the messages of j2mod and the bytes that our own lines carry: function code and data. */
final class Pdu {
  private Pdu() {}

  static byte[] of(ModbusRequest request) {
    byte[] data = request.getMessage();
    byte[] pdu = new byte[1 + data.length];
    pdu[0] = (byte) request.getFunctionCode();
    System.arraycopy(data, 0, pdu, 1, data.length);
    return pdu;
  }

  /**
   * Fills a response.
   *
   * @throws BadAnswer when it is shorter than it says
   */
  static <R extends ModbusResponse> R read(byte[] pdu, R into) throws BadAnswer {
    try {
      into.readData(new DataInputStream(new ByteArrayInputStream(pdu, 1, pdu.length - 1)));
      return into;
    } catch (IOException e) {
      throw BadAnswer.mismatch("an answer that ends too early");
    }
  }
}
