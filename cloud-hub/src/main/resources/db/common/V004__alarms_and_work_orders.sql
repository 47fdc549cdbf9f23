create table alarm (
  id bigint generated always as identity primary key,
  site_id text not null references org_node,
  gateway_id int not null references gateway,
  device_id int references device,            -- null: an alarm of the gateway itself
  key text not null,
  category text not null,
  title_zh text not null, title_en text not null,
  cause_zh text not null, cause_en text not null,
  advice_zh text not null, advice_en text not null,
  priority text not null check (priority in ('critical', 'high', 'medium', 'low')),
  latched boolean not null,
  point_id int references point,
  value text,
  unit text,
  occurrence uuid not null,
  occurrences int not null default 1,
  raised_at timestamptz not null,
  cleared_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  note text
);
-- Open is what is not both cleared and acknowledged; there is one open alarm of a kind.
create unique index alarm_open on alarm (gateway_id, coalesce(device_id, 0), key)
  where cleared_at is null or acknowledged_at is null;
create index alarm_raised on alarm (raised_at desc, id desc);
create index alarm_device on alarm (device_id);
create table alarm_history (
  id bigint generated always as identity primary key,
  alarm_id bigint not null references alarm,
  at timestamptz not null,
  who text not null,
  what text not null check (what in ('raised', 're-raised', 'acknowledged', 'cleared')),
  note text
);
create index alarm_history_alarm on alarm_history (alarm_id, id);

create sequence work_order_number;
create table work_order (
  id bigint generated always as identity primary key,
  number text not null unique,
  site_id text not null references org_node,
  device_id int not null references device,
  kind text not null check (kind in ('corrective', 'preventive')),
  rule text not null,                         -- alarm key or key of the maintenance plan
  title_zh text not null, title_en text not null,
  priority text not null check (priority in ('critical', 'high', 'medium', 'low')),
  state text not null default 'open' check (state in ('open', 'in-progress', 'completed')),
  alarm_id bigint references alarm,
  plan_counter text,
  plan_threshold numeric,
  plan_reading numeric,
  opened_at timestamptz not null,
  started_at timestamptz, started_by text,
  completed_at timestamptz, completed_by text,
  cause text,
  note text
);
-- At most one open job per equipment and rule.
create unique index work_order_open on work_order (device_id, kind, rule) where state <> 'completed';
create index work_order_alarm on work_order (alarm_id);

-- What a counter has run since the last service; resets of the device's own counter are bridged.
create table service_meter (
  device_id int not null references device,
  plan text not null,
  last_reading numeric not null,
  used numeric not null,
  updated_at timestamptz not null,
  primary key (device_id, plan)
) with (fillfactor = 70);
