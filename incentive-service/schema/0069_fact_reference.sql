-- Lines of fact_line that refer to others, by what they refer to; told with the line, in the same transaction. fact_line
-- has no index of its own for that: most lines refer to nothing.
CREATE TABLE IF NOT EXISTS fact_reference (
  target VARBINARY(200) NOT NULL,      -- fact_line.refers
  owner VARBINARY(64) NOT NULL,        -- partner of both
  referrer VARBINARY(200) NOT NULL,    -- fact_line.fact
  waits SMALLINT NOT NULL,             -- 1: the line that it refers to has not been told yet
  PRIMARY KEY (target, owner, referrer),
  KEY fact_reference_waits (waits, owner)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
