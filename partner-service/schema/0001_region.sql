CREATE TABLE IF NOT EXISTS region (
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  scheme SMALLINT NOT NULL,
  code VARBINARY(64) NOT NULL,
  parent_region VARBINARY(80) NOT NULL,
  display_name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  display_name_zh VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  import_id VARBINARY(36) NOT NULL,
  PRIMARY KEY (id),
  KEY region_by_import (import_id, state, id)
) ENGINE=InnoDB;
