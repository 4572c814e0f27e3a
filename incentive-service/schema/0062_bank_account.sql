-- Bank accounts of partners as partner-service's feed told them last: what payouts need to know of them.
CREATE TABLE IF NOT EXISTS bank_account (
  partner VARBINARY(64) NOT NULL,
  bank_account VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  payable SMALLINT NOT NULL,           -- 1 where money may be sent to it
  PRIMARY KEY (partner, bank_account)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
