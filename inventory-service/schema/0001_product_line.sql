CREATE TABLE IF NOT EXISTS product_line (
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  display_name VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  import_id BINARY(16) NULL,
  PRIMARY KEY (id),
  KEY by_import (import_id, state, id)
) ENGINE=InnoDB;
