create table telemetry (
  ts timestamptz not null, value double precision, point_id int not null,
  quality smallint not null, cause smallint not null, clock_trusted boolean not null);
select create_hypertable('telemetry', by_range('ts', interval '1 day'), create_default_indexes => false);
create unique index telemetry_pk on telemetry (point_id, ts);
create table telemetry_state (
  ts timestamptz not null, point_id int not null, state int,
  quality smallint not null, cause smallint not null, clock_trusted boolean not null, text_value text);
select create_hypertable('telemetry_state', by_range('ts', interval '7 days'), create_default_indexes => false);
create unique index telemetry_state_pk on telemetry_state (point_id, ts);
-- The extension makes its chunks by itself.
create function ensure_partition(day date) returns void language sql as $$ select $$;
