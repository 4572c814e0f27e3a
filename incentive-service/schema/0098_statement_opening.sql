-- Of entries: what an opening balance says of the period.
CREATE TABLE IF NOT EXISTS statement_opening (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  opening_balance VARBINARY(63) NOT NULL,
  document VARBINARY(64) NOT NULL,
  amount DECIMAL(38,6) NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,     -- base units
  paid BIGINT NOT NULL,                -- minor units
  PRIMARY KEY (partner, number, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
