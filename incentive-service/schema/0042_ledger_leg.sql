-- What each entry of the ledger does to each account; the legs of an entry sum to 0. Append-only.
CREATE TABLE IF NOT EXISTS ledger_leg (
  partner VARBINARY(64) NOT NULL,
  entry BIGINT NOT NULL,
  account SMALLINT NOT NULL,           -- 1 cost, 2 stated, 3 withheld, 4 claimed, 5 approved, 6 paid, 7 clawed back, 8 expired
  currency VARBINARY(3) NOT NULL,
  amount BIGINT NOT NULL,              -- minor units, into the account
  account_seq BIGINT NOT NULL,         -- counts the legs of the account from 1
  balance_after BIGINT NOT NULL,
  PRIMARY KEY (partner, entry, account)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
