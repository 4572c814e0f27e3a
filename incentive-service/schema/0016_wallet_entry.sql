-- The ledger of wallets: each entry moves money between accounts, a row a leg; the legs of an entry sum to 0. Append-only.
CREATE TABLE IF NOT EXISTS wallet_entry (
  partner VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  entry BIGINT NOT NULL,               -- counts the wallet's entries from 1
  leg SMALLINT NOT NULL,               -- from 1
  kind SMALLINT NOT NULL,
  account SMALLINT NOT NULL,           -- 1 available, 2 held, 3 credited, 4 captured, 5 expired, 6 clawed back
  lot VARBINARY(200) NOT NULL,         -- of available and held; empty for what is owed
  amount BIGINT NOT NULL,              -- minor units, into the account
  cause VARBINARY(200) NOT NULL,       -- name of what moved it, without "partners/{partner}/" of this one
  entry_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner, currency, entry, leg)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
