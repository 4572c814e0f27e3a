-- What the live lines of a period add up to, moved together with them.
CREATE TABLE IF NOT EXISTS accrual (
  partner VARBINARY(64) NOT NULL,
  program VARBINARY(63) NOT NULL,
  period VARBINARY(16) NOT NULL,
  period_start DATE NOT NULL,
  qualifying_amount DECIMAL(38,6) NOT NULL,
  line_count BIGINT NOT NULL,
  other_currency_lines BIGINT NOT NULL,
  stated SMALLINT NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner, program, period),
  KEY accrual_program (program, period_start)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
