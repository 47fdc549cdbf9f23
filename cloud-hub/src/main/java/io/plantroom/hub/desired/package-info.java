/** Which devices each gateway is to ask: put, checked, delivered, and what became of it. */
@NullMarked
package io.plantroom.hub.desired;

import org.jspecify.annotations.NullMarked;
