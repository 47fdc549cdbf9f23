/**
 * What edge and hub say to each other over MQTT: frames up, receipts down. Version 1. Every layout
 * is held by golden files in the tests; a change that breaks one needs a new version number.
 */
@NullMarked
package io.plantroom.wire;

import org.jspecify.annotations.NullMarked;
