-- Changes of prices that partners are protected against.
CREATE TABLE IF NOT EXISTS price_change (
  price_change VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,             -- 1 draft, 2 announced
  product VARBINARY(200) NOT NULL,     -- products/{product}
  effective_date DATE NOT NULL,
  new_price DECIMAL(38,6) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  in_transit_days INT NOT NULL,
  lookback_days INT NOT NULL,
  reverse SMALLINT NOT NULL,           -- 1: a rise that partners pay
  claim_deadline DATE NOT NULL,        -- the last day
  note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  creator VARBINARY(255) NOT NULL,
  announcer VARBINARY(255) NOT NULL,   -- empty before it is announced
  PRIMARY KEY (price_change),
  KEY price_change_product (product)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
