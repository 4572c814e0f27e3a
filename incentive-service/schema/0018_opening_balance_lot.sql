CREATE TABLE IF NOT EXISTS opening_balance_lot (
  partner VARBINARY(64) NOT NULL,
  opening_balance VARBINARY(63) NOT NULL,
  ordinal BIGINT NOT NULL,             -- from 1
  lot VARBINARY(63) NOT NULL,
  amount BIGINT NOT NULL,              -- minor units
  expires_on DATE NOT NULL,
  credit_date DATE NOT NULL,
  PRIMARY KEY (partner, opening_balance, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
