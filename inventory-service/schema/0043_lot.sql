CREATE TABLE IF NOT EXISTS lot (
  product VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  expires_on DATE NULL,
  PRIMARY KEY (product, id)
) ENGINE=InnoDB;
