CREATE TABLE IF NOT EXISTS notification (
  partner_id VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,
  topic SMALLINT NOT NULL,
  subject VARBINARY(700) NOT NULL,
  due DATE,
  create_time DATETIME(6) NOT NULL,
  read_time DATETIME(6),
  PRIMARY KEY (partner_id, number)
) ENGINE=InnoDB;
