-- Gateways are asked what became of these.
create index field_command_unanswered on field_command (expires_at) where answered_at is null;
