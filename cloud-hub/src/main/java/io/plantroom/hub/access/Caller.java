package io.plantroom.hub.access;

import java.util.List;

/**
 * Who makes a request.
 *
 * @param roles held anywhere in the organisation
 * @param byCookie whether a browser sent the credentials by itself
 */
public record Caller(
    long accountId,
    String name,
    String displayName,
    String language,
    List<String> roles,
    boolean byCookie) {}
