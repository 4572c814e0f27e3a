CREATE TABLE IF NOT EXISTS unit_conversion (
  product VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  display_name VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  factor_num BIGINT NOT NULL,
  factor_den BIGINT NOT NULL,
  pack SMALLINT NOT NULL,
  gtin VARBINARY(14) NOT NULL,
  PRIMARY KEY (product, id),
  KEY by_gtin (gtin)
) ENGINE=InnoDB;
