-- What opening balances say of programs. Append-only.
CREATE TABLE IF NOT EXISTS opening_balance_volume (
  partner VARBINARY(64) NOT NULL,
  opening_balance VARBINARY(63) NOT NULL,
  ordinal BIGINT NOT NULL,             -- from 1
  program VARBINARY(63) NOT NULL,
  period VARBINARY(16) NOT NULL,       -- of the scale
  amount DECIMAL(38,6) NOT NULL,       -- in the balance's currency, the program's
  quantity DECIMAL(38,6) NOT NULL,     -- base units
  paid BIGINT NOT NULL,                -- minor units
  PRIMARY KEY (partner, opening_balance, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
