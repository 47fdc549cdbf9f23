package io.plantroom.profile;

/**
 * Of what type a number of a CoAP resource is, in the words of LwM2M. Formats that do not say it
 * themselves (TLV) are read and written by this.
 */
public enum CoapType {
  /** Signed, of 1, 2, 4 or 8 bytes; LwM2M's Integer and Time. */
  INTEGER,
  /** The same without a sign. */
  UNSIGNED,
  /** Binary floating point of 4 or 8 bytes. */
  FLOAT,
  /** No or yes. */
  BOOLEAN
}
