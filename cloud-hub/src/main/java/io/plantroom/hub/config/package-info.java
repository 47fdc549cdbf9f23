/** The hub's configuration and the organisation it serves, as typed records. */
@NullMarked
package io.plantroom.hub.config;

import org.jspecify.annotations.NullMarked;
