-- How far each account of a partner has come. The row of account 0, in no currency, counts the partner's entries: whoever
-- enters something holds it.
CREATE TABLE IF NOT EXISTS ledger_account (
  partner VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  account SMALLINT NOT NULL,
  seq BIGINT NOT NULL,                 -- of the last leg; of account 0: number of the last entry
  balance BIGINT NOT NULL,             -- minor units
  PRIMARY KEY (partner, currency, account)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
