package io.plantroom.hub.http;

import java.io.IOException;
import java.io.OutputStream;

/**
 * An answer that is written while it is made, so that its size does not matter.
 *
 * @param fileName what a browser calls it, in ASCII
 */
public record Download(String contentType, String fileName, Content content) {
  /** Runs on a worker thread; each write waits until the caller has taken what was written. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }
}
