/** Minutes, quarters of an hour, hours and days of the samples, right however late those come. */
@NullMarked
package io.plantroom.hub.rollup;

import org.jspecify.annotations.NullMarked;
