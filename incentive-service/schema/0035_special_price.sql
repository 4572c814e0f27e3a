-- Special prices that partners ask for.
CREATE TABLE IF NOT EXISTS special_price (
  partner VARBINARY(64) NOT NULL,
  special_price VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,             -- 1 requested, 2 approved, 3 rejected, 4 withdrawn
  product VARBINARY(200) NOT NULL,     -- products/{product}
  end_customer VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sale_from DATE NOT NULL,
  sale_to DATE NOT NULL,               -- the first day after
  approved_cost DECIMAL(38,6) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  claim_deadline DATE NOT NULL,        -- the last day
  note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  requester VARBINARY(255) NOT NULL,
  decider VARBINARY(255) NOT NULL,     -- empty before it is decided
  decision_note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  PRIMARY KEY (partner, special_price),
  KEY special_price_product (product)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
