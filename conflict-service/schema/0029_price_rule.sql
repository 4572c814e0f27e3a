-- The versions of price rules; the latest of each holds. Regions are one a line; exceptions and bands are as
-- prices/price_rule_store.cc writes them.
CREATE TABLE IF NOT EXISTS price_rule (
  name VARBINARY(255) NOT NULL,
  version BIGINT NOT NULL,
  latest TINYINT NOT NULL,
  uid BINARY(16) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  product VARBINARY(255) NOT NULL,
  regions MEDIUMBLOB NOT NULL,
  currency VARBINARY(3) NOT NULL,
  floor_price DECIMAL(38,6) NULL,
  advertised_price DECIMAL(38,6) NULL,
  effective_from DATE NOT NULL,
  effective_to DATE NOT NULL,
  exceptions MEDIUMBLOB NOT NULL,
  bands BLOB NOT NULL,
  follow_days INT NOT NULL,
  tax_included TINYINT NOT NULL,
  PRIMARY KEY (name, version),
  KEY by_product (product, latest)
) ENGINE = InnoDB
