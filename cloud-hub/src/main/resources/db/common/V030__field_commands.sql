-- What somebody wanted written to a device, and what became of it.
create table field_command (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  gateway_id int not null references gateway,
  device_id int not null references device,
  point text not null,
  value text not null,
  reason text not null,                       -- why, in the words of who asked
  author text not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  sent_at timestamptz,                        -- last time
  state text not null default 'sent'
    check (state in ('sent', 'accepted', 'done', 'refused', 'expired', 'failed', 'unknown')),
  accepted_at timestamptz,
  answered_at timestamptz,                    -- null while only the hub thinks that it has ended
  ended_at timestamptz,
  problem text,                               -- key of a reason
  detail text,
  shown text                                  -- what the device showed when it was read back
);
create index field_command_device on field_command (device_id, seq);
create index field_command_open on field_command (expires_at) where state in ('sent', 'accepted');
-- One at a time for each point, whichever hub is asked.
create unique index field_command_single on field_command (device_id, point) where state in ('sent', 'accepted');
-- Points that the gateway lets be written, as it announces them.
alter table device add column writable text[] not null default '{}';
