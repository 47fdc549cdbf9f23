package io.plantroom.hub.http;

import io.plantroom.profile.LocalText;
import org.jspecify.annotations.Nullable;

/** A refusal with a reason for people, in both languages. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final transient LocalText text;
  private final @Nullable String field;

  public ApiException(int status, String code, String zh, String en) {
    this(status, code, zh, en, null);
  }

  private ApiException(int status, String code, String zh, String en, @Nullable String field) {
    super(en, null, false, false);
    this.status = status;
    this.code = code;
    this.text = new LocalText(zh, en);
    this.field = field;
  }

  /**
   * Names what is wrong.
   *
   * @param field parameter or path in the body, such as {@code rules[2]}
   */
  public static ApiException badRequest(String field, String zh, String en) {
    return new ApiException(400, "bad-request", field + "：" + zh, field + ": " + en, field);
  }

  /** Also for what exists but is not the caller's to see. */
  public static ApiException notFound(String what, String zh, String en) {
    return new ApiException(
        404,
        what + "-not-found",
        zh + "不存在，或您无权查看。",
        en + " does not exist or is not yours to see.");
  }

  public static ApiException conflict(String code, String zh, String en) {
    return new ApiException(409, code, zh, en);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public LocalText text() {
    return text;
  }

  /** What is wrong, when it is one parameter or one part of the body. */
  public @Nullable String field() {
    return field;
  }
}
