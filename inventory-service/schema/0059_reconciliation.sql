CREATE TABLE IF NOT EXISTS reconciliation (
  partner VARBINARY(64) NOT NULL,
  id VARBINARY(192) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  product VARBINARY(64) NOT NULL,
  lot VARBINARY(64) NULL,
  from_date DATE NOT NULL,
  to_date DATE NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (partner, id),
  KEY by_period (partner, from_date, to_date, product)
) ENGINE=InnoDB;
