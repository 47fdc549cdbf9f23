create table rollup_1m (
  bucket timestamptz not null,
  first_ts timestamptz, last_ts timestamptz,
  sum double precision, min double precision, max double precision,
  first double precision, last double precision,
  twa double precision,
  covered_ms bigint not null,
  point_id int not null, n int not null, bad int not null,
  holds boolean not null                      -- whether the last sample of the minute is good
) partition by range (bucket);
create unique index rollup_1m_pk on rollup_1m (point_id, bucket);
create table rollup_15m (
  bucket timestamptz not null,
  first_ts timestamptz, last_ts timestamptz,
  sum double precision, min double precision, max double precision,
  first double precision, last double precision,
  twa double precision,
  covered_ms bigint not null,
  point_id int not null, n int not null, bad int not null
) partition by range (bucket);
create unique index rollup_15m_pk on rollup_15m (point_id, bucket);
-- One partition a day for samples and one a month for rollups, which a held value may carry into the
-- next. The lock lets two hubs ask for the same day.
create or replace function ensure_partition(day date) returns void language plpgsql as $$
declare
  t text;
  month date;
  next date := date_trunc('month', day + 2);
begin
  if to_regclass('telemetry' || to_char(day, '_YYYYMMDD')) is not null
    and to_regclass('telemetry_state' || to_char(day, '_YYYYMMDD')) is not null
    and to_regclass('rollup_1m' || to_char(day, '_YYYYMM')) is not null
    and to_regclass('rollup_15m' || to_char(day, '_YYYYMM')) is not null
    and to_regclass('rollup_1m' || to_char(next, '_YYYYMM')) is not null
    and to_regclass('rollup_15m' || to_char(next, '_YYYYMM')) is not null then return; end if;
  perform pg_advisory_xact_lock(hashtext('ensure_partition'));
  foreach t in array array['telemetry', 'telemetry_state'] loop
    execute format('create table if not exists %I partition of %I for values from (%L) to (%L)',
      t || to_char(day, '_YYYYMMDD'), t, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
  end loop;
  foreach t in array array['rollup_1m', 'rollup_15m'] loop
    foreach month in array array[date_trunc('month', day)::date, next] loop
      execute format('create table if not exists %I partition of %I for values from (%L) to (%L)',
        t || to_char(month, '_YYYYMM'), t, month::timestamp at time zone 'UTC',
        (month + interval '1 month') at time zone 'UTC');
    end loop;
  end loop;
end $$;
