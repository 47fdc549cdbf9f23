/** The devices that the hub wants asked: checked, tried, kept or taken back, and reported. */
@NullMarked
package io.plantroom.edge.desired;

import org.jspecify.annotations.NullMarked;
