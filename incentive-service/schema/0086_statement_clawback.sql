-- Of true-ups of programs that bound clawbacks: what stays stated of the period. Minor units.
CREATE TABLE IF NOT EXISTS statement_clawback (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  most BIGINT NOT NULL,                -- the most that was ever stated of the period before
  stays BIGINT NOT NULL,               -- what of it stays, whatever late facts make of the period
  waived BIGINT NOT NULL,              -- what that is beyond what the period is worth
  waived_before BIGINT NOT NULL,       -- of what was stated before
  PRIMARY KEY (partner, number, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
