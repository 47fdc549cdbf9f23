/** The HTTP API: the contract is the router, every error has one shape. */
@NullMarked
package io.plantroom.hub.http;

import org.jspecify.annotations.NullMarked;
