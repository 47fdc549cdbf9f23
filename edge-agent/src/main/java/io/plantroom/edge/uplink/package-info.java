/** The way to the hub: frames up, receipts down. Only a receipt frees what the outbox keeps. */
@NullMarked
package io.plantroom.edge.uplink;

import org.jspecify.annotations.NullMarked;
