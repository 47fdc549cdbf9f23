-- Late rows go into compressed days as into any other.
alter table telemetry set (timescaledb.compress, timescaledb.compress_segmentby = 'point_id', timescaledb.compress_orderby = 'ts');
select add_compression_policy('telemetry', interval '3 days', if_not_exists => true);
alter table telemetry_state set (timescaledb.compress, timescaledb.compress_segmentby = 'point_id', timescaledb.compress_orderby = 'ts');
select add_compression_policy('telemetry_state', interval '14 days', if_not_exists => true);
alter table rollup_1m set (timescaledb.compress, timescaledb.compress_segmentby = 'point_id', timescaledb.compress_orderby = 'bucket');
select add_compression_policy('rollup_1m', interval '14 days', if_not_exists => true);
alter table rollup_15m set (timescaledb.compress, timescaledb.compress_segmentby = 'point_id', timescaledb.compress_orderby = 'bucket');
select add_compression_policy('rollup_15m', interval '60 days', if_not_exists => true);
