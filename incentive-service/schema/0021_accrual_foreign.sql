-- Of an accrual, the lines in another currency than the program's: converted by the rate of their day when they are read.
CREATE TABLE IF NOT EXISTS accrual_foreign (
  partner VARBINARY(64) NOT NULL,
  program VARBINARY(63) NOT NULL,
  period VARBINARY(16) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  rate_date DATE NOT NULL,
  period_start DATE NOT NULL,
  amount DECIMAL(38,6) NOT NULL,
  line_count BIGINT NOT NULL,
  PRIMARY KEY (partner, program, period, currency, rate_date),
  KEY accrual_foreign_program (program, period_start),
  KEY accrual_foreign_rate (currency, rate_date)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
