-- What the hub wants a gateway to ask, every version of it, and what became of it.
create table desired_configuration (
  gateway_id int not null references gateway,
  revision bigint not null,                   -- milliseconds of the clock when it was put, growing
  version text not null,                      -- SHA-256 of the text
  body text not null,
  author text not null,
  note text not null default '',
  put_at timestamptz not null,
  state text not null default 'waiting'
    check (state in ('waiting', 'applied', 'invalid', 'rolled-back', 'refused', 'superseded')),
  problems text[] not null default '{}',      -- as the gateway told them
  reported_at timestamptz,
  primary key (gateway_id, revision)
);
-- By which of the hub's versions the gateway works, null for none.
alter table gateway add column running_configuration text;
