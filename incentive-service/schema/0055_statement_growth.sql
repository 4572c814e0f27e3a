-- Of entries of programs that measure growth: what the amount was measured against.
CREATE TABLE IF NOT EXISTS statement_growth (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  reference DECIMAL(38,6) NOT NULL,    -- what the reference period came to; 0 where there is none
  reference_days INT NOT NULL,
  active_days INT NOT NULL,
  outcome SMALLINT NOT NULL,
  baseline VARBINARY(200) NOT NULL,    -- exact, "num" or "num/den"
  predecessors MEDIUMBLOB NOT NULL,    -- ids of partners whose lines count with these, by a space
  PRIMARY KEY (partner, number, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
