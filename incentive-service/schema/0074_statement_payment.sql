-- What settlements of statements credited to wallets, or took from them.
CREATE TABLE IF NOT EXISTS statement_payment (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- from 1
  payee VARBINARY(64) NOT NULL,        -- whose wallet it is
  amount BIGINT NOT NULL,              -- minor units; below 0: taken from it
  paid_on DATE NOT NULL,
  PRIMARY KEY (partner, number, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
