CREATE TABLE IF NOT EXISTS agreement (
  partner_id VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  undone SMALLINT NOT NULL,
  title VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  text MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  text_sha256 VARBINARY(64) NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE,
  signer VARBINARY(255) NOT NULL,
  sign_time DATETIME(6),
  PRIMARY KEY (partner_id, id)
) ENGINE=InnoDB;
