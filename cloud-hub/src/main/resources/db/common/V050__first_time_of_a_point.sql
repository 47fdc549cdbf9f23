-- When a point was first heard of, kept with it: to look for it in years of partitions takes minutes.
alter table point add column first_at timestamptz;
update point p set first_at = f.first_at from (
  select q.id, least(
      (select min(ts) from telemetry where point_id = q.id),
      (select min(ts) from telemetry_state where point_id = q.id),
      (select min(ts) from register_sample where point_id = q.id)) as first_at
    from point q) f
 where f.id = p.id and f.first_at is not null;
create index sample_suspect_received on sample_suspect (point_id, received_at);
