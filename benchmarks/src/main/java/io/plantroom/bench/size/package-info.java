/** What a sample costs on the database's disk. */
@NullMarked
package io.plantroom.bench.size;

import org.jspecify.annotations.NullMarked;
