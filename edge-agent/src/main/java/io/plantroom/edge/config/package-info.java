/** What this gateway is told to do: one YAML file, checked as a whole. */
@NullMarked
package io.plantroom.edge.config;

import org.jspecify.annotations.NullMarked;
