CREATE TABLE IF NOT EXISTS sales_target_revision (
  partner_id VARBINARY(64) NOT NULL,
  target_id VARBINARY(64) NOT NULL,
  revision INT NOT NULL,
  figure DECIMAL(38,6) NOT NULL,
  reason VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  principal VARBINARY(255) NOT NULL,
  revision_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id, target_id, revision)
) ENGINE=InnoDB;
