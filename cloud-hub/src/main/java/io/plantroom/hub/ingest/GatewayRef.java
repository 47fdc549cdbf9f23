package io.plantroom.hub.ingest;

/** A gateway that the organisation names. */
public record GatewayRef(int id, String code, String siteId) {}
