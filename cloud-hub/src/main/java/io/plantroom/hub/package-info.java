/** The hub: what it is made of and how it starts and stops. */
@NullMarked
package io.plantroom.hub;

import org.jspecify.annotations.NullMarked;
