package io.plantroom.hub.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A response as a stream that waits for its reader: one piece at most is on its way. */
final class ResponseStream extends OutputStream {
  private static final int PIECE = 64 << 10;
  private static final long PATIENCE_SECONDS = 60;

  private final HttpServerResponse response;
  private Buffer piece = Buffer.buffer(PIECE);

  ResponseStream(HttpServerResponse response) {
    this.response = response;
  }

  @Override
  public void write(int b) throws IOException {
    piece.appendByte((byte) b);
    sendFull();
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    piece.appendBytes(bytes, from, count);
    sendFull();
  }

  private void sendFull() throws IOException {
    if (piece.length() >= PIECE) {
      send();
    }
  }

  private void send() throws IOException {
    if (piece.length() == 0) {
      return;
    }
    Buffer full = piece;
    piece = Buffer.buffer(PIECE);
    try {
      response
          .write(full)
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the reader has gone away", e);
    }
  }

  /** The rest, and the end of the response. */
  @Override
  public void close() throws IOException {
    send();
    response.end();
  }
}
