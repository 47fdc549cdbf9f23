-- Samples that an earlier release has stored get rollups, too.
insert into rollup_mark (hour, site_id, states, low, high, points)
select date_trunc('hour', t.ts, 'UTC'), g.site_id, false, 0, 59, array_agg(distinct t.point_id)
  from telemetry t join point p on p.id = t.point_id join device d on d.id = p.device_id
  join gateway g on g.id = d.gateway_id
 group by 1, 2;
insert into rollup_mark (hour, site_id, states, low, high, points)
select date_trunc('hour', t.ts, 'UTC'), g.site_id, true, 0, 59, array_agg(distinct t.point_id)
  from telemetry_state t join point p on p.id = t.point_id join device d on d.id = p.device_id
  join gateway g on g.id = d.gateway_id
 group by 1, 2;
