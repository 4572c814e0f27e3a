-- Of entries that say what a guarantee adds: how it came to that. Minor units.
CREATE TABLE IF NOT EXISTS statement_guarantee (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  earned BIGINT NOT NULL,              -- what statements have said that the period earned
  carry_before BIGINT NOT NULL,
  top_up BIGINT NOT NULL,
  recouped BIGINT NOT NULL,
  carry BIGINT NOT NULL,
  PRIMARY KEY (partner, number, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
