package io.plantroom.edge.uplink;

import io.plantroom.wire.Frame;

/** Sends frames towards the hub. Sending may silently fail: only a receipt counts. */
@FunctionalInterface
interface FrameLink {
  void send(Frame frame);
}
