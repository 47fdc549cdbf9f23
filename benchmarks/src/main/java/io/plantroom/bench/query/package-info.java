/** How long a person waits for the hub's answers, on tables of the size they have after years. */
@NullMarked
package io.plantroom.bench.query;

import org.jspecify.annotations.NullMarked;
