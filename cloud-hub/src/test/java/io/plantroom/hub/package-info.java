/** The hub as its users meet it: real database, real HTTP. */
@NullMarked
package io.plantroom.hub;

import org.jspecify.annotations.NullMarked;
