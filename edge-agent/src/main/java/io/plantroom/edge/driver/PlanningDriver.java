package io.plantroom.edge.driver;

import io.plantroom.profile.Point;
import java.util.List;

/** A driver that knows which points one request reads, so that others of the bus get their turn. */
public interface PlanningDriver extends ProtocolDriver {
  /** The points in groups, each of which {@link #read} gets with one request. */
  List<List<Point>> requests(List<Point> points);
}
