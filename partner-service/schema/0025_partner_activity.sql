CREATE TABLE IF NOT EXISTS partner_activity (
  partner_uid BINARY(16) NOT NULL,
  start_time DATETIME(6) NOT NULL,
  end_time DATETIME(6),
  PRIMARY KEY (partner_uid, start_time)
) ENGINE=InnoDB;
