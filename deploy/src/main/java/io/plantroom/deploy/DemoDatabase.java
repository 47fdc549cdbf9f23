package io.plantroom.deploy;

import java.io.IOException;

/** A database of the demo, running. */
interface DemoDatabase extends AutoCloseable {
  /** JDBC address, without user and password. */
  String url();

  String user();

  String password();

  /** What it is, in words for the person at the terminal. */
  String name();

  @Override
  void close() throws IOException;
}
