-- What the ledger has in its account 14 of a period of a program's scale, by partner. Nothing where that is 0.
CREATE TABLE IF NOT EXISTS accrued (
  program VARBINARY(63) NOT NULL,
  period VARBINARY(16) NOT NULL,
  partner VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  amount BIGINT NOT NULL,              -- minor units
  PRIMARY KEY (program, period, partner)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
