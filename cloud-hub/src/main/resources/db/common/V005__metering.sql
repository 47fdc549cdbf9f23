create table meter_register (
  id int generated always as identity primary key,
  device_id int not null references device,
  point_name text not null,
  medium text not null,
  obis text not null,
  unit text not null,
  digits int,
  decimals int,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  unique (device_id, obis)
);
create table cut_off (
  site_id text not null references org_node,
  at timestamptz not null,
  origin text not null,
  taken_at timestamptz not null default now(),
  primary key (site_id, at)
);
-- The value accepted for billing. A correction is a new version; nothing is ever changed.
create table reading (
  id bigint primary key,
  register_id int not null references meter_register,
  version int not null,
  site_id text not null references org_node,
  at timestamptz not null,
  measured_at timestamptz,
  value numeric,
  source text not null check (source in ('automatic', 'manual')),
  status text not null check (status in ('valid', 'missing', 'estimated')),
  author text not null,
  reason text,
  serial text,
  accepted_at timestamptz not null default now(),
  unique (register_id, at, version),
  check ((value is null) = (status = 'missing'))
);
create trigger reading_append_only before update or delete or truncate on reading
  for each statement execute function refuse_change();
