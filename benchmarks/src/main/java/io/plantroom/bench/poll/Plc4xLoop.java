package io.plantroom.bench.poll;

import io.plantroom.bench.Running;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.plc4x.java.api.PlcConnection;
import org.apache.plc4x.java.api.PlcDriverManager;
import org.apache.plc4x.java.api.messages.PlcReadRequest;
import org.apache.plc4x.java.api.messages.PlcReadResponse;
import org.apache.plc4x.java.api.value.PlcValue;

/** Apache PLC4X as its manual shows it: a connection for each device, one prepared request. */
final class Plc4xLoop {
  private static final int PATIENCE_SECONDS = 10;

  private Plc4xLoop() {}

  static Running start(List<Integer> ports, PollWork work, LongAdder points) {
    return DeviceThreads.start(ports, work, points, port -> device(port, work));
  }

  private static DeviceThreads.Device device(int port, PollWork work) throws Exception {
    PlcConnection connection =
        PlcDriverManager.getDefault()
            .getConnectionManager()
            .getConnection("modbus-tcp://127.0.0.1:" + port + "?default-unit-identifier=1");
    PlcReadRequest.Builder builder = connection.readRequestBuilder();
    for (int block = 0; block < work.blocks(); block++) {
      // It counts registers from 1.
      int first = block * work.stride() + 1;
      builder.addTagAddress(
          "b" + block, "holding-register:" + first + ":UINT[" + work.perBlock() + "]");
    }
    PlcReadRequest request = builder.build();
    return new DeviceThreads.Device() {
      @Override
      public long readAll() throws Exception {
        PlcReadResponse response = request.execute().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long sum = 0;
        for (String tag : response.getTagNames()) {
          for (PlcValue value : response.getPlcValue(tag).getList()) {
            sum += value.getInt();
          }
        }
        return sum;
      }

      @Override
      public void disconnect() throws Exception {
        connection.close();
      }
    };
  }
}
