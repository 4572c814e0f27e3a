CREATE TABLE IF NOT EXISTS support_policy (
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  display_name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  calendar_id VARBINARY(64) NOT NULL,
  opening_minute SMALLINT NOT NULL,
  closing_minute SMALLINT NOT NULL,
  terms MEDIUMBLOB NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
