package io.plantroom.profile;

/** In which form a CoAP resource wants its new value. */
public enum WriteFormat {
  TEXT,
  SENML_JSON,
  SENML_CBOR,
  /** LwM2M's binary format. */
  TLV
}
