-- What partners had where their wallets were kept before. Append-only.
CREATE TABLE IF NOT EXISTS opening_balance (
  partner VARBINARY(64) NOT NULL,
  opening_balance VARBINARY(63) NOT NULL,
  uid BINARY(16) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  held_on DATE NOT NULL,
  currency VARBINARY(3) NOT NULL,
  document VARBINARY(64) NOT NULL,
  PRIMARY KEY (partner, opening_balance)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
