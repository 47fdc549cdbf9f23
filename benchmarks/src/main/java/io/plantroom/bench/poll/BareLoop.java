package io.plantroom.bench.poll;

import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.procimg.Register;
import io.plantroom.bench.Running;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** The least a program on j2mod can do: a thread for each device that reads and adds up. */
final class BareLoop {
  private BareLoop() {}

  static Running start(List<Integer> ports, PollWork work, LongAdder points) {
    return DeviceThreads.start(ports, work, points, port -> device(port, work));
  }

  private static DeviceThreads.Device device(int port, PollWork work) throws Exception {
    ModbusTCPMaster master = new ModbusTCPMaster("127.0.0.1", port);
    master.connect();
    return new DeviceThreads.Device() {
      @Override
      public long readAll() throws Exception {
        long sum = 0;
        for (int block = 0; block < work.blocks(); block++) {
          for (Register r :
              master.readMultipleRegisters(1, block * work.stride(), work.perBlock())) {
            sum += r.getValue();
          }
        }
        return sum;
      }

      @Override
      public void disconnect() {
        master.disconnect();
      }
    };
  }
}
