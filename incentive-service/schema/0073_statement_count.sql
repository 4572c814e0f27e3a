-- Of entries of programs that count: how many distinct ones reached the tiers, where there were any.
CREATE TABLE IF NOT EXISTS statement_count (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  counted BIGINT NOT NULL,
  PRIMARY KEY (partner, number, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
