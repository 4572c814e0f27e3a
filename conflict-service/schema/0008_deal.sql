-- Deal registrations. Lists hold one name a line; customer_key is what customers are compared by.
CREATE TABLE IF NOT EXISTS deal (
  partner VARBINARY(255) NOT NULL,
  name VARBINARY(255) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state TINYINT NOT NULL,
  customer_name VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  customer_key BINARY(32) NOT NULL,
  product_lines MEDIUMBLOB NOT NULL,
  regions MEDIUMBLOB NOT NULL,
  route VARBINARY(64) NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE NOT NULL,
  currency VARBINARY(3),
  value DECIMAL(38,6),
  PRIMARY KEY (partner, name),
  KEY by_customer (customer_key, state),
  KEY by_state (partner, state)
) ENGINE = InnoDB
