package io.plantroom.profile;

/** What one code of a state point means. */
public record StateText(int code, LocalText title) {}
