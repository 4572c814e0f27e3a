-- The versions of caseDeadlines/default; the greatest holds. Roles are a number a line.
CREATE TABLE IF NOT EXISTS case_deadlines (
  version BIGINT NOT NULL,
  update_time DATETIME(6) NOT NULL,
  low_triage_days INT NOT NULL,
  low_resolve_days INT NOT NULL,
  low_close_days INT NOT NULL,
  medium_triage_days INT NOT NULL,
  medium_resolve_days INT NOT NULL,
  medium_close_days INT NOT NULL,
  high_triage_days INT NOT NULL,
  high_resolve_days INT NOT NULL,
  high_close_days INT NOT NULL,
  escalation_roles VARBINARY(255) NOT NULL,
  PRIMARY KEY (version)
) ENGINE = InnoDB
