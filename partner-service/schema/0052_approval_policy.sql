CREATE TABLE IF NOT EXISTS approval_policy (
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  display_name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  subject_kind SMALLINT NOT NULL,
  currency VARBINARY(3) NOT NULL,
  bands BLOB NOT NULL,
  due_hours INT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY approval_policy_by_kind (subject_kind, currency)
) ENGINE=InnoDB;
