/**
 * Commands to the field: asked for, checked, sent until they are answered, and what became of them.
 */
@NullMarked
package io.plantroom.hub.command;

import org.jspecify.annotations.NullMarked;
