CREATE TABLE IF NOT EXISTS fiscal_calendar (
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  display_name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  time_zone VARBINARY(64) NOT NULL,
  working_weekdays SMALLINT NOT NULL,
  days_off MEDIUMBLOB NOT NULL,
  days_worked MEDIUMBLOB NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
