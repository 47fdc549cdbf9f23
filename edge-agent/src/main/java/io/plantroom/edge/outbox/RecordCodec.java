package io.plantroom.edge.outbox;

import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.TelemetryBody;
import io.plantroom.wire.WireException;
import java.time.Instant;
import java.util.List;

/** Records of a lane as bytes on the disk, in the forms of the wire contract. */
public interface RecordCodec<T> {
  RecordCodec<Sample> TELEMETRY =
      new RecordCodec<>() {
        @Override
        public byte[] encode(List<Sample> records) {
          return TelemetryBody.encode(records);
        }

        @Override
        public List<Sample> decode(byte[] bytes, int count) throws WireException {
          return TelemetryBody.decode(bytes, count);
        }

        @Override
        public Instant at(Sample sample) {
          return sample.at();
        }
      };

  RecordCodec<Event> EVENTS =
      new RecordCodec<>() {
        @Override
        public byte[] encode(List<Event> records) {
          return JsonWire.encode(records);
        }

        @Override
        public List<Event> decode(byte[] bytes, int count) throws WireException {
          return JsonWire.events(bytes);
        }

        @Override
        public Instant at(Event event) {
          return event.at();
        }
      };

  byte[] encode(List<T> records);

  List<T> decode(byte[] bytes, int count) throws WireException;

  /** When the record was made. */
  Instant at(T record);
}
