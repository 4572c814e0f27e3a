CREATE TABLE IF NOT EXISTS period_close (
  program VARBINARY(63) NOT NULL,
  period VARBINARY(16) NOT NULL,
  program_version BIGINT NOT NULL,
  close_time DATETIME(6) NOT NULL,
  watermark VARBINARY(4000) NOT NULL,  -- "shard:seq shard:seq", by shard, without those at 0
  statement_count BIGINT NOT NULL,
  total BIGINT NOT NULL,               -- minor units of the program's currency
  currency VARBINARY(3) NOT NULL,
  line_count BIGINT NOT NULL,
  other_currency_lines BIGINT NOT NULL,
  unpriced_lines BIGINT NOT NULL,
  true_ups BIGINT NOT NULL,            -- entries about periods that were closed before
  partner_watermark VARBINARY(2000) NOT NULL,  -- likewise, of partner-service's feed; empty where nothing is asked of partners
  PRIMARY KEY (program, period)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
