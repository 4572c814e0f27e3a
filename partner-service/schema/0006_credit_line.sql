CREATE TABLE IF NOT EXISTS credit_line (
  partner_id VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  undone SMALLINT NOT NULL,
  currency VARBINARY(3) NOT NULL,
  credit_limit DECIMAL(38,6) NOT NULL,
  payment_terms_days INT NOT NULL,
  valid_from DATE NOT NULL,
  valid_to DATE,
  on_hold SMALLINT NOT NULL,
  pending_limit DECIMAL(38,6),
  limit_asked_by TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (partner_id, id)
) ENGINE=InnoDB;
