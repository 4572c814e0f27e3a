CREATE TABLE IF NOT EXISTS site (
  partner VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  display_name VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  region VARBINARY(64) NOT NULL,
  negative_stock SMALLINT NOT NULL,
  closed_on DATE NULL,
  count_tolerance DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (partner, id)
) ENGINE=InnoDB;
