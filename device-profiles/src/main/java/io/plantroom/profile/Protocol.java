package io.plantroom.profile;

/** How a model is spoken to. */
public enum Protocol {
  MODBUS,
  OPC_UA,
  COAP
}
