/** The shipped broker and hub with a thousand gateways before and a console behind them. */
@NullMarked
package io.plantroom.bench.live;

import org.jspecify.annotations.NullMarked;
