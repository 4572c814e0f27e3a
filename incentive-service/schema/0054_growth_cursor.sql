-- Of programs that measure growth: how far inventory's feed had been read when they were activated. What was recorded
-- up to there is what reference periods that were over by then, before the program's time, came to.
CREATE TABLE IF NOT EXISTS growth_cursor (
  program VARBINARY(63) NOT NULL,
  watermark VARBINARY(4000) NOT NULL,  -- "shard:seq shard:seq", by shard, without those at 0
  frozen_on DATE NOT NULL,             -- the program's day
  PRIMARY KEY (program)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
