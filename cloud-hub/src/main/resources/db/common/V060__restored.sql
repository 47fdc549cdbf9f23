-- Each time this database was made from a backup. What was numbered after the backup is not in it, so
-- numbers go on well above it: no cursor that a billing system keeps may ever point at another reading.
create table restored (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  backup_at timestamptz not null,
  backup_hub text not null,
  reading_floor bigint not null
);
