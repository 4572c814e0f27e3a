-- What the lines that count in a period (a payout period, where the program has one) add up to, moved together with them.
CREATE TABLE IF NOT EXISTS accrual (
  partner VARBINARY(64) NOT NULL,
  program VARBINARY(63) NOT NULL,
  period VARBINARY(16) NOT NULL,
  period_start DATE NOT NULL,
  qualifying_amount DECIMAL(38,6) NOT NULL,  -- of lines in the program's currency
  quantity DECIMAL(38,6) NOT NULL,     -- base units of all lines that count
  line_count BIGINT NOT NULL,
  foreign_lines BIGINT NOT NULL,       -- of line_count: those in accrual_foreign
  other_currency_lines BIGINT NOT NULL,
  stated SMALLINT NOT NULL,
  true_up_due SMALLINT NOT NULL,       -- moved since its scale's period was closed
  rolled_up SMALLINT NOT NULL,         -- the partner may earn by lines of others, which are in rows of their own
  update_time DATETIME(6) NOT NULL,
  opened SMALLINT NOT NULL DEFAULT 0,  -- an opening balance says something of the period
  PRIMARY KEY (partner, program, period),
  KEY accrual_program (program, period_start),
  KEY accrual_true_up (program, true_up_due)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
