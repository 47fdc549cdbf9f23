create table rollup_1m (
  bucket timestamptz not null,
  first_ts timestamptz, last_ts timestamptz,
  sum double precision, min double precision, max double precision,
  first double precision, last double precision,
  twa double precision,
  covered_ms bigint not null,
  point_id int not null, n int not null, bad int not null,
  holds boolean not null                      -- whether the last sample of the minute is good
);
select create_hypertable('rollup_1m', by_range('bucket', interval '7 days'), create_default_indexes => false);
create unique index rollup_1m_pk on rollup_1m (point_id, bucket);
create table rollup_15m (
  bucket timestamptz not null,
  first_ts timestamptz, last_ts timestamptz,
  sum double precision, min double precision, max double precision,
  first double precision, last double precision,
  twa double precision,
  covered_ms bigint not null,
  point_id int not null, n int not null, bad int not null
);
select create_hypertable('rollup_15m', by_range('bucket', interval '30 days'), create_default_indexes => false);
create unique index rollup_15m_pk on rollup_15m (point_id, bucket);
