-- The longest silence of a point while all is well, as its gateway announces it; null from agents that do not.
alter table point add column silence_seconds int check (silence_seconds > 0);
