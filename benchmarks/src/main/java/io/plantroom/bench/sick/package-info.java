/** What devices that hang cost those that answer, and what the shipped agent needs. */
@NullMarked
package io.plantroom.bench.sick;

import org.jspecify.annotations.NullMarked;
