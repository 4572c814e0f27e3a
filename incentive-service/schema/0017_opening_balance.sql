-- What partners had where their wallets and volumes were kept before. What it says never changes.
CREATE TABLE IF NOT EXISTS opening_balance (
  partner VARBINARY(64) NOT NULL,
  opening_balance VARBINARY(63) NOT NULL,
  uid BINARY(16) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  held_on DATE NOT NULL,
  currency VARBINARY(3) NOT NULL,
  document VARBINARY(64) NOT NULL,
  version BIGINT NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,             -- 1 requested, 2 recorded, 3 rejected
  requester VARBINARY(255) NOT NULL,
  decider VARBINARY(255) NOT NULL,     -- empty before it is decided, and where nothing is to be
  decision_note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  PRIMARY KEY (partner, opening_balance)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
