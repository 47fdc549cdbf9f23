/** Accounts, roles, sessions, tokens and the audit trail. */
@NullMarked
package io.plantroom.hub.access;

import org.jspecify.annotations.NullMarked;
