-- Remedies of cases, numbered within them. state: 1 running, 2 applied, 3 compensated; it follows from the steps' answers.
CREATE TABLE IF NOT EXISTS remedy (
  case_id VARBINARY(32) NOT NULL,
  number BIGINT NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state TINYINT NOT NULL,
  principal VARBINARY(255) NOT NULL,
  PRIMARY KEY (case_id, number),
  KEY by_state (state, create_time)
) ENGINE = InnoDB
