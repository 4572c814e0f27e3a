-- Words about cases; party is empty among the staff.
CREATE TABLE IF NOT EXISTS case_message (
  case_id VARBINARY(32) NOT NULL,
  number BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  party VARBINARY(255) NOT NULL,
  from_party TINYINT NOT NULL,
  text TEXT CHARACTER SET utf8mb4 NOT NULL,
  PRIMARY KEY (case_id, number)
) ENGINE = InnoDB
