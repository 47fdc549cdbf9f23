/** The databases that are measured: one of each level, started for one measurement. */
@NullMarked
package io.plantroom.bench.database;

import org.jspecify.annotations.NullMarked;
