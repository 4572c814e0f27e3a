CREATE TABLE IF NOT EXISTS announcement_receipt (
  announcement_id VARBINARY(64) NOT NULL,
  partner_id VARBINARY(64) NOT NULL,
  principal VARBINARY(255) NOT NULL,
  acknowledge_time DATETIME(6) NOT NULL,
  PRIMARY KEY (announcement_id, partner_id, principal)
) ENGINE=InnoDB;
