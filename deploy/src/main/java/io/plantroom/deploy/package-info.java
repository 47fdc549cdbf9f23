/**
 * The whole system as processes on one machine: what {@code ./demo} runs and the end-to-end tests
 * kill, pause and start again.
 */
@NullMarked
package io.plantroom.deploy;

import org.jspecify.annotations.NullMarked;
