create table telemetry (
  ts timestamptz not null, value double precision, point_id int not null,
  quality smallint not null, cause smallint not null, clock_trusted boolean not null) partition by range (ts);
create unique index telemetry_pk on telemetry (point_id, ts);
create table telemetry_state (
  ts timestamptz not null, point_id int not null, state int,
  quality smallint not null, cause smallint not null, clock_trusted boolean not null, text_value text) partition by range (ts);
create unique index telemetry_state_pk on telemetry_state (point_id, ts);
-- One partition a day. The lock lets two hubs ask for the same day.
create function ensure_partition(day date) returns void language plpgsql as $$
declare t text;
begin
  if to_regclass('telemetry' || to_char(day, '_YYYYMMDD')) is not null then return; end if;
  perform pg_advisory_xact_lock(hashtext('ensure_partition'));
  foreach t in array array['telemetry', 'telemetry_state'] loop
    execute format('create table if not exists %I partition of %I for values from (%L) to (%L)',
      t || to_char(day, '_YYYYMMDD'), t, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
  end loop;
end $$;
