alter table telemetry set (timescaledb.compress, timescaledb.compress_segmentby = 'point_id', timescaledb.compress_orderby = 'ts');
select add_compression_policy('telemetry', interval '3 days', if_not_exists => true);
alter table telemetry_state set (timescaledb.compress, timescaledb.compress_segmentby = 'point_id', timescaledb.compress_orderby = 'ts');
select add_compression_policy('telemetry_state', interval '14 days', if_not_exists => true);
