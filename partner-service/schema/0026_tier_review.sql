CREATE TABLE IF NOT EXISTS tier_review (
  partner_id VARBINARY(64) NOT NULL,
  due_time DATETIME(6) NOT NULL,
  asked_time DATETIME(6),
  PRIMARY KEY (partner_id),
  KEY tier_review_by_due_time (due_time, partner_id)
) ENGINE=InnoDB;
