CREATE TABLE IF NOT EXISTS customer (
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  identity MEDIUMBLOB NOT NULL,
  segment VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  region VARBINARY(80) NOT NULL,
  merged_into VARBINARY(64) NOT NULL,
  PRIMARY KEY (id),
  KEY customer_by_merged_into (merged_into)
) ENGINE=InnoDB;
