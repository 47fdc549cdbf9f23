/** What a gateway does with a backlog: how fast it drains, and how much memory that takes. */
@NullMarked
package io.plantroom.bench.drain;

import org.jspecify.annotations.NullMarked;
