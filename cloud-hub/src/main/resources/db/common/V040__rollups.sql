-- What the samples of telemetry say per minute, quarter of an hour, hour and day of the site; see
-- docs/decisions/012-rollups.md. rollup_1m and rollup_15m are made by V041, which depends on the level.
--   n, bad       good samples (quality below 2, with a value) and others
--   twa          time-weighted average over the time in which the value was known, null when it never was
--   covered_ms   that time: each good sample holds until the next sample, at most for hold_seconds()
create table rollup_1h (
  bucket timestamptz not null,
  first_ts timestamptz, last_ts timestamptz,
  sum double precision, min double precision, max double precision,
  first double precision, last double precision,
  twa double precision,
  covered_ms bigint not null,
  point_id int not null, n int not null, bad int not null,
  primary key (point_id, bucket)
);
-- A day begins at midnight of the site.
create table rollup_1d (
  bucket timestamptz not null,
  first_ts timestamptz, last_ts timestamptz,
  sum double precision, min double precision, max double precision,
  first double precision, last double precision,
  twa double precision,
  covered_ms bigint not null,
  point_id int not null, n int not null, bad int not null,
  primary key (point_id, bucket)
);
-- For how long each code of a state stood.
create table rollup_state_1h (
  bucket timestamptz not null, ms bigint not null, point_id int not null, state int not null,
  primary key (point_id, bucket, state)
);
create table rollup_state_1d (
  bucket timestamptz not null, ms bigint not null, point_id int not null, state int not null,
  primary key (point_id, bucket, state)
);

-- Where samples have been written since the rollups were made: minutes of an hour of some points of a
-- site. Written with the samples in one transaction, deleted with the rollups in another.
create table rollup_mark (
  id bigint generated always as identity primary key,
  hour timestamptz not null,
  site_id text not null,
  states boolean not null,                    -- samples of telemetry_state, else of telemetry
  low smallint not null,
  high smallint not null,
  points int[] not null
);
create index rollup_mark_site on rollup_mark (site_id, hour);

-- For how long the last value of a point is taken to stand: as long as its gateway says it may be
-- silent, and a quarter more; never beyond a day.
create function hold_seconds(silence_seconds int) returns int language sql immutable as $$
  select least(coalesce(silence_seconds, 300) * 5 / 4, 86400)
$$;

-- What kind of data a point gives, for how long to keep it.
alter table point add column class text not null default 'measurement'
  check (class in ('measurement', 'state', 'diagnostic', 'register'));
update point set class = case kind when 1 then 'register' when 2 then 'state' when 3 then 'diagnostic'
  else 'measurement' end;

-- From when on the data of a class of a site is complete; what is older has been deleted.
create table retention_horizon (
  site_id text not null,
  class text not null,
  data text not null,                         -- name of the table
  kept_from timestamptz not null,
  changed_at timestamptz not null default now(),
  primary key (site_id, class, data)
);
