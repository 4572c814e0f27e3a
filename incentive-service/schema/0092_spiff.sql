-- Rewards for people who sell at partners.
CREATE TABLE IF NOT EXISTS spiff (
  spiff VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,             -- 1 draft, 2 announced
  product VARBINARY(200) NOT NULL,     -- products/{product}
  sale_from DATE NOT NULL,
  sale_to DATE NOT NULL,               -- the first day after
  reward DECIMAL(38,6) NOT NULL,       -- for one base unit
  currency VARBINARY(3) NOT NULL,
  claim_deadline DATE NOT NULL,        -- the last day
  note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  creator VARBINARY(255) NOT NULL,
  announcer VARBINARY(255) NOT NULL,   -- empty before it is announced
  PRIMARY KEY (spiff)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
