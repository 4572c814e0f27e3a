-- Wallets. Whoever changes one holds its row: holds, credits and clawbacks of a wallet come one after the other.
CREATE TABLE IF NOT EXISTS wallet (
  partner VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  debt BIGINT NOT NULL,                -- minor units clawed back beyond what there was; no lot has money left then
  entries BIGINT NOT NULL,             -- number of the last wallet_entry
  splits BIGINT NOT NULL,              -- number of the last lot made by a release after expiry
  PRIMARY KEY (partner, currency)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
