-- Holds on partners' wallets, as incentive-service's feed tells them. What was released of one only grows, and the rest
-- never changes: told in any order, and again, it is the same.
CREATE TABLE IF NOT EXISTS wallet_hold (
  partner VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  id VARBINARY(64) NOT NULL,
  purpose SMALLINT NOT NULL,          -- its use
  for_order VARBINARY(64) NOT NULL,   -- id; empty where it is for none
  amount DECIMAL(38,6) NOT NULL,
  released DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (partner, currency, id)
) ENGINE=InnoDB;
