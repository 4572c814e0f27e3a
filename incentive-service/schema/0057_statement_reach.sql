-- Of entries whose tiers are reached by a count or a mix: what reached them, where that is not 0.
CREATE TABLE IF NOT EXISTS statement_reach (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  counted BIGINT NOT NULL,             -- distinct ones of a program that counts
  set_amount DECIMAL(38,6) NOT NULL,   -- of a mix: what lines of its set came to
  PRIMARY KEY (partner, number, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
