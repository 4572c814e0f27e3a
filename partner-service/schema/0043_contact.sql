CREATE TABLE IF NOT EXISTS contact (
  partner_id VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  display_name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  contact_function SMALLINT NOT NULL,
  email VARBINARY(254) NOT NULL,
  phone VARBINARY(16) NOT NULL,
  PRIMARY KEY (partner_id, id)
) ENGINE=InnoDB;
