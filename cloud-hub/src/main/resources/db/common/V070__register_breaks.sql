-- Where a register shows less than before. Found by the statement that stores the samples, so that
-- consumption over years needs only the samples at its bounds, and late data is right at once.
--   stray_from, stray_to   samples that cannot be true: up and back, or down and back, within an hour;
--                          null where the register stays down: reset, replaced or rolled over
create table register_break (
  point_id int not null,
  prev_ts timestamptz not null,
  ts timestamptz not null,
  prev_value numeric not null,
  value numeric not null,
  stray_from timestamptz,
  stray_to timestamptz,
  primary key (point_id, ts)
);

create function judge_register_breaks(p_point int, p_from timestamptz, p_to timestamptz) returns void
language sql as $$
  update register_break k set
    stray_from = case
      when up.ts is not null then (
        select min(s.ts) from register_sample s where s.point_id = k.point_id and s.ts > up.ts
           and s.quality = 0 and s.value is not null)
      when down.ts is not null then k.ts end,
    stray_to = case
      when up.ts is not null then k.prev_ts
      when down.ts is not null then (
        select max(s.ts) from register_sample s where s.point_id = k.point_id and s.ts < down.ts
           and s.quality = 0 and s.value is not null) end
    from register_break j
    left join lateral (
      select s.ts from register_sample s where s.point_id = j.point_id and s.ts < j.ts
         and s.ts >= j.ts - interval '1 hour' and s.quality = 0 and s.value <= j.value
       order by s.ts desc limit 1) up on true
    left join lateral (
      select s.ts from register_sample s where s.point_id = j.point_id and s.ts > j.ts
         and s.ts <= j.ts + interval '1 hour' and s.quality = 0 and s.value >= j.prev_value
       order by s.ts limit 1) down on true
   where k.point_id = j.point_id and k.ts = j.ts
     and j.point_id = p_point and j.ts >= p_from and j.ts <= p_to
$$;

create function note_register_breaks() returns trigger language plpgsql as $$
begin
  -- A sample between the two makes another pair.
  delete from register_break k using fresh f
   where k.point_id = f.point_id and f.ts > k.prev_ts and f.ts < k.ts
     and f.quality = 0 and f.value is not null;
  insert into register_break (point_id, prev_ts, ts, prev_value, value)
    with touched as (
      select point_id, min(ts) as low, max(ts) as high from fresh
       where quality = 0 and value is not null group by point_id),
    span as (
      select t.point_id,
        coalesce((select s.ts from register_sample s where s.point_id = t.point_id and s.ts < t.low
           and s.quality = 0 and s.value is not null order by s.ts desc limit 1), t.low) as low,
        coalesce((select s.ts from register_sample s where s.point_id = t.point_id and s.ts > t.high
           and s.quality = 0 and s.value is not null order by s.ts limit 1), t.high) as high
        from touched t),
    step as (
      select s.point_id, s.ts, s.value, lag(s.ts) over w as prev_ts, lag(s.value) over w as prev_value
        from span join register_sample s
          on s.point_id = span.point_id and s.ts between span.low and span.high
       where s.quality = 0 and s.value is not null
      window w as (partition by s.point_id order by s.ts))
    select point_id, prev_ts, ts, prev_value, value from step where value < prev_value
    on conflict (point_id, ts) do nothing;
  perform judge_register_breaks(
      point_id, min(ts) - interval '1 hour', max(ts) + interval '1 hour')
    from fresh f where exists (select 1 from register_break k where k.point_id = f.point_id)
   group by point_id;
  return null;
end $$;

insert into register_break (point_id, prev_ts, ts, prev_value, value)
  select point_id, prev_ts, ts, prev_value, value from (
    select point_id, ts, value, lag(ts) over w as prev_ts, lag(value) over w as prev_value
      from register_sample where quality = 0 and value is not null
    window w as (partition by point_id order by ts)) step
   where value < prev_value;
select judge_register_breaks(point_id, '-infinity', 'infinity')
  from (select distinct point_id from register_break) points;

create trigger register_sample_breaks after insert on register_sample
  referencing new table as fresh for each statement execute function note_register_breaks();
