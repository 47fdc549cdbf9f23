package io.plantroom.hub.live;

import java.util.List;

/** Looks up how some things now stand, to be shown on the consoles. May block. */
@FunctionalInterface
public interface LiveSource {
  /** What stands for these ids; an id that is no more is left out. */
  List<LiveFeed.Item> find(List<String> ids);
}
