-- What gateways have told of records that will never come. A gap takes its reason from here.
create table record_loss (
  gateway_id int not null references gateway,
  lane smallint not null,
  epoch bigint not null,
  from_seq bigint not null,
  to_seq bigint not null,
  reason text not null check (reason in ('evicted', 'damaged')),
  detail text,
  oldest timestamptz,                         -- times of the records, as far as the gateway knows them
  newest timestamptz,
  at timestamptz not null,                    -- when it happened at the gateway
  told_at timestamptz not null default now(),
  primary key (gateway_id, lane, epoch, from_seq, to_seq)
);
alter table ingest_gap drop constraint ingest_gap_reason_check;
alter table ingest_gap add check (reason in ('lost', 'quarantine', 'evicted', 'damaged')),
  add column detail text, add column oldest timestamptz, add column newest timestamptz;

-- When the hub first heard that the gateway's clock is not synchronised; null while it is.
alter table gateway add column clock_untrusted_since timestamptz;
