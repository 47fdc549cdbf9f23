/**
 * The broker of the demo and of the end-to-end tests: HiveMQ CE in memory, mutual TLS, one rule per
 * certificate. Production uses a broker of the operator's choice with the same rules.
 */
@NullMarked
package io.plantroom.broker;

import org.jspecify.annotations.NullMarked;
