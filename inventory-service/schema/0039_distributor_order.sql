CREATE TABLE IF NOT EXISTS distributor_order (
  partner VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  order_date DATE NOT NULL,
  requested_date DATE NOT NULL,
  currency VARBINARY(3) NOT NULL,
  route VARBINARY(64) NOT NULL,
  end_customer VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  deal VARBINARY(255) NOT NULL,
  place_time DATETIME(6) NULL,
  response_time DATETIME(6) NULL,
  PRIMARY KEY (partner, id)
) ENGINE=InnoDB;
