-- Which hours belong to which tariff band. A correction is a new version; the newest of a day stands.
create table tariff_plan (
  site_id text not null references org_node,
  medium text not null,
  valid_from date not null,
  version int not null,
  plan text not null,
  author text not null,
  put_at timestamptz not null default now(),
  primary key (site_id, medium, valid_from, version)
);
-- What belongs together for the analysis of a site: sub-meters and groups of pumps.
create table analysis_setting (
  site_id text not null references org_node,
  version int not null,
  settings text not null,
  author text not null,
  put_at timestamptz not null default now(),
  primary key (site_id, version)
);
