-- Of entries of programs that give free goods: units.
CREATE TABLE IF NOT EXISTS statement_goods (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  paid DECIMAL(38,6) NOT NULL,
  due DECIMAL(38,6) NOT NULL,
  given DECIMAL(38,6) NOT NULL,
  stated_before DECIMAL(38,6) NOT NULL,  -- of what is due, by earlier entries
  PRIMARY KEY (partner, number, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
