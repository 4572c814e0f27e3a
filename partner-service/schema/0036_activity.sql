CREATE TABLE IF NOT EXISTS activity (
  partner_id VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  kind SMALLINT NOT NULL,
  subject VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  text MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  activity_date DATE,
  visibility SMALLINT NOT NULL,
  author VARBINARY(255) NOT NULL,
  by_partner SMALLINT NOT NULL,
  next_due DATE,
  PRIMARY KEY (partner_id, id)
) ENGINE=InnoDB;
