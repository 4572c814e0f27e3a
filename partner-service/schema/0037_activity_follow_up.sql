CREATE TABLE IF NOT EXISTS activity_follow_up (
  partner_id VARBINARY(64) NOT NULL,
  activity_id VARBINARY(64) NOT NULL,
  position SMALLINT NOT NULL,
  id VARBINARY(64) NOT NULL,
  text TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  due DATE,
  done_time DATETIME(6),
  done_by VARBINARY(255) NOT NULL,
  PRIMARY KEY (partner_id, activity_id, position)
) ENGINE=InnoDB;
