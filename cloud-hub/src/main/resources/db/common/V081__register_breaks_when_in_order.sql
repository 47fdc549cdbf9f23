-- As in V072, but samples that come in order, as nearly all do, cost one look at the newest samples of
-- their register: these must be the new ones and a good one before them, and no good one may show less
-- than the good one before it. Only registers for which that does not hold are looked at in full.
create index register_break_ts on register_break (ts);

create or replace function note_register_breaks() returns trigger language plpgsql
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
  set enable_mergejoin = off set jit = off as $$
declare
  odd int[];
begin
  select array_agg(point_id) into odd from (
    select point_id from (
      select t.point_id, t.low, t.n, r.ts, r.value, r.good,
             lead(r.value) over (partition by t.point_id, r.good order by r.ts desc) as before
        from (select point_id, min(ts) as low, count(*) as n from fresh group by point_id
              having bool_or(quality = 0 and value is not null)) t
        cross join lateral (
          select ts, value, quality = 0 and value is not null as good from register_sample
           where point_id = t.point_id order by ts desc limit t.n + 1) r) newest
     group by point_id
    having count(*) filter (where ts >= low) <> max(n)
        or bool_or(ts < low and not good)
        or bool_or(good and value < before)) o;
  if odd is not null then
    -- A sample between the two makes another pair.
    delete from register_break k using (
        select point_id, min(ts) as low, max(ts) as high from fresh
         where point_id = any (odd) and quality = 0 and value is not null group by point_id) t
     where k.point_id = t.point_id and k.ts > t.low and k.prev_ts < t.high
       and exists (select 1 from fresh f where f.point_id = k.point_id and f.ts > k.prev_ts
            and f.ts < k.ts and f.quality = 0 and f.value is not null);
    insert into register_break (point_id, prev_ts, ts, prev_value, value)
      with touched as materialized (
        select point_id, min(ts) as low, max(ts) as high from fresh
         where point_id = any (odd) and quality = 0 and value is not null group by point_id),
      span as materialized (
        select t.point_id,
          coalesce((select s.ts from register_sample s where s.point_id = t.point_id and s.ts < t.low
             and s.quality = 0 and s.value is not null order by s.ts desc limit 1), t.low) as low,
          coalesce((select s.ts from register_sample s where s.point_id = t.point_id and s.ts > t.high
             and s.quality = 0 and s.value is not null order by s.ts limit 1), t.high) as high
          from touched t),
      step as (
        select s.point_id, s.ts, s.value, lag(s.ts) over w as prev_ts, lag(s.value) over w as prev_value
          from span cross join lateral (
            select r.point_id, r.ts, r.value from register_sample r
             where r.point_id = span.point_id and r.ts >= span.low and r.ts <= span.high
               and r.quality = 0 and r.value is not null) s
        window w as (partition by s.point_id order by s.ts))
      select point_id, prev_ts, ts, prev_value, value from step where value < prev_value
      on conflict (point_id, ts) do nothing;
  end if;
  if exists (select 1 from register_break
              where ts >= (select min(ts) from fresh) - interval '1 hour') then
    perform judge_register_breaks(
        t.point_id, t.low - interval '1 hour', t.high + interval '1 hour')
      from (select point_id, min(ts) as low, max(ts) as high from fresh group by point_id) t
     where exists (select 1 from register_break k where k.point_id = t.point_id
            and k.ts >= t.low - interval '1 hour' and k.ts <= t.high + interval '1 hour');
  end if;
  return null;
end $$;
