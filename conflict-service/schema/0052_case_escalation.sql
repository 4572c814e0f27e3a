-- Every time that a step of a case was due and nobody made it.
CREATE TABLE IF NOT EXISTS case_escalation (
  case_id VARBINARY(32) NOT NULL,
  escalate_time DATETIME(6) NOT NULL,
  level INT NOT NULL,
  state TINYINT NOT NULL,
  role TINYINT NOT NULL,
  PRIMARY KEY (case_id, escalate_time)
) ENGINE = InnoDB
