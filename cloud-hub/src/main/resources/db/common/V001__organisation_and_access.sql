create table org_node (
  id text primary key,
  kind text not null check (kind in ('group', 'company', 'site')),
  parent text references org_node,
  name_zh text not null,
  name_en text not null,
  time_zone text,
  position int not null,
  check ((kind = 'site') = (time_zone is not null))
);

create table account (
  id bigint generated always as identity primary key,
  name text not null unique,
  display_name text not null,
  kind text not null check (kind in ('person', 'service')),
  password_hash text,
  language text not null default 'zh',
  active boolean not null default true,
  created_at timestamptz not null default now()
);
create table role_grant (
  account_id bigint not null references account on delete cascade,
  role text not null check (role in ('admin', 'engineer', 'technician', 'billing', 'viewer')),
  node_id text not null references org_node,
  primary key (account_id, role, node_id)
);
create table session (
  token_hash bytea primary key,
  account_id bigint not null references account on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create table access_token (
  token_hash bytea primary key,
  account_id bigint not null references account on delete cascade,
  created_at timestamptz not null default now(),
  created_by text not null,
  expires_at timestamptz
);
create table login_failure (
  at timestamptz not null default now(),
  name text not null,
  remote text not null
);
create index login_failure_at on login_failure (at);

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  account text not null,
  action text not null,
  target text not null,
  detail text not null default '',
  remote text not null default ''
);
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger audit_append_only before update or delete or truncate on audit
  for each statement execute function refuse_change();

-- The sites where an account holds one of the roles: a grant reaches everything below its node.
create function allowed_sites(p_account bigint, p_roles text[]) returns setof text
language sql stable as $$
  with recursive reach(id) as (
    select g.node_id from role_grant g where g.account_id = p_account and g.role = any (p_roles)
    union
    select n.id from org_node n join reach r on n.parent = r.id)
  select n.id from reach r join org_node n on n.id = r.id where n.kind = 'site'
$$;
