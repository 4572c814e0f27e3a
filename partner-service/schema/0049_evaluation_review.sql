CREATE TABLE IF NOT EXISTS evaluation_review (
  partner_id VARBINARY(64) NOT NULL,
  evaluation_id VARBINARY(64) NOT NULL,
  due_time DATETIME(6) NOT NULL,
  review_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id, evaluation_id),
  KEY evaluation_review_by_due_time (due_time, partner_id)
) ENGINE=InnoDB;
