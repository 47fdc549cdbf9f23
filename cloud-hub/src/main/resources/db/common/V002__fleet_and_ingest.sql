create table gateway (
  id int generated always as identity primary key,
  code text not null unique,
  site_id text not null references org_node,
  name_zh text not null,
  name_en text not null,
  listed boolean not null default true,       -- false once the organisation file no longer names it
  version text,
  online boolean,                             -- null: never seen
  last_seen timestamptz,
  clock_trusted boolean not null default true,
  backlog_events bigint,
  backlog_telemetry bigint,
  devices_total int not null default 0,
  devices_online int not null default 0
);
create table device (
  id int generated always as identity primary key,
  gateway_id int not null references gateway,
  key text not null,
  profile text,                               -- null until the gateway has named it
  name_zh text not null,
  name_en text not null,
  location_zh text,
  location_en text,
  endpoint text,
  serial text,
  present boolean not null default true,      -- false once the gateway's inventory no longer names it
  online boolean,
  link_at timestamptz,
  inventory_at timestamptz,
  unique (gateway_id, key)
);
create table point (
  id int generated always as identity primary key,
  device_id int not null references device,
  name text not null,
  kind smallint not null check (kind between 0 and 3),   -- 0 analog, 1 counter, 2 state, 3 text
  unique (device_id, name)
);

-- The lock on this row makes two hubs take turns on one queue of one gateway.
create table ingest_watermark (
  gateway_id int not null references gateway,
  lane smallint not null,
  epoch bigint not null,
  last_seq bigint not null,
  updated_at timestamptz not null default now(),
  primary key (gateway_id, lane, epoch)
) with (fillfactor = 50);
create table ingest_gap (
  gateway_id int not null references gateway,
  lane smallint not null,
  epoch bigint not null,
  from_seq bigint not null,
  to_seq bigint not null,
  reason text not null check (reason in ('lost', 'quarantine')),
  seen_at timestamptz not null default now(),
  primary key (gateway_id, lane, epoch, from_seq)
);
create table quarantine (
  id bigint generated always as identity primary key,
  sha256 bytea not null unique,
  topic text not null,
  payload bytea not null,
  reason text not null,
  seen bigint not null default 1,
  first_seen timestamptz not null default now(),
  last_seen timestamptz not null default now()
);
create table event_log (
  id bigint generated always as identity primary key,
  gateway_id int not null references gateway,
  epoch bigint not null,
  seq bigint not null,
  at timestamptz not null,
  clock_trusted boolean not null,
  event text not null,
  received_at timestamptz not null default now(),
  unique (gateway_id, epoch, seq)
);

create table point_latest (
  point_id int primary key,
  quality smallint not null,
  cause smallint not null,
  clock_trusted boolean not null,
  ts timestamptz not null,
  value double precision,
  register numeric,
  state int,
  text_value text
) with (fillfactor = 50);

-- Registers are exact and kept for years; few rows, so the same plain table at every level.
create table register_sample (
  ts timestamptz not null,
  value numeric,
  point_id int not null,
  quality smallint not null,
  cause smallint not null,
  clock_trusted boolean not null
);
create unique index register_sample_pk on register_sample (point_id, ts);

-- A second sample of one point at one millisecond: kept, never mixed with the first.
create table sample_conflict (
  id bigint generated always as identity primary key,
  point_id int not null,
  ts timestamptz not null,
  value double precision,
  register numeric,
  state int,
  text_value text,
  quality smallint not null,
  cause smallint not null,
  clock_trusted boolean not null,
  epoch bigint not null,
  seq bigint not null,
  received_at timestamptz not null default now()
);
-- Samples whose time cannot be true: kept with the time as told, never the latest value.
create table sample_suspect (
  id bigint generated always as identity primary key,
  point_id int not null,
  at_millis bigint not null,
  value double precision,
  register numeric,
  state int,
  text_value text,
  quality smallint not null,
  cause smallint not null,
  clock_trusted boolean not null,
  epoch bigint not null,
  seq bigint not null,
  received_at timestamptz not null default now()
);
