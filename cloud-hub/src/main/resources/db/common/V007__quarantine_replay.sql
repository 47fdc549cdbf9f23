alter table quarantine add column gateway_id int references gateway,
  add column replayed_at timestamptz, add column replayed_by text;
update quarantine q set gateway_id = g.id from gateway g where split_part(q.topic, '/', 3) = g.code;
create index quarantine_gateway on quarantine (gateway_id, id);
