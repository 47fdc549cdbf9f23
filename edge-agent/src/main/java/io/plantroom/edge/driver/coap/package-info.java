/** CoAP with SenML or plain text. */
@NullMarked
package io.plantroom.edge.driver.coap;

import org.jspecify.annotations.NullMarked;
