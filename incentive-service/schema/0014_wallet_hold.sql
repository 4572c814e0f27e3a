CREATE TABLE IF NOT EXISTS wallet_hold (
  partner VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  hold VARBINARY(63) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  purpose SMALLINT NOT NULL,           -- its use
  for_order VARBINARY(64) NOT NULL,    -- id; empty where it is for none
  note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  amount BIGINT NOT NULL,              -- minor units
  PRIMARY KEY (partner, currency, hold),
  KEY wallet_hold_order (partner, for_order)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
