-- Of entries of programs that pay by days to pay: what was paid, by the days that it took.
CREATE TABLE IF NOT EXISTS statement_paid (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  days INT NOT NULL,
  amount DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (partner, number, ordinal, days)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
