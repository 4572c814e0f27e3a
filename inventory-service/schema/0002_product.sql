CREATE TABLE IF NOT EXISTS product (
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  sku VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
  display_name VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  kind SMALLINT NOT NULL,
  product_line VARBINARY(64) NOT NULL,
  base_unit VARCHAR(32) CHARACTER SET utf8mb4 NOT NULL,
  import_id BINARY(16) NULL,
  PRIMARY KEY (id),
  KEY by_import (import_id, state, id)
) ENGINE=InnoDB;
