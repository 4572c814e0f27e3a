CREATE TABLE IF NOT EXISTS statement (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- counts the partner's statements from 1, without gaps
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  program VARBINARY(63) NOT NULL,
  program_version BIGINT NOT NULL,
  period VARBINARY(16) NOT NULL,
  line_count BIGINT NOT NULL,
  qualifying_amount DECIMAL(38,6) NOT NULL,
  total BIGINT NOT NULL,               -- minor units of the program's currency
  PRIMARY KEY (partner, number),
  UNIQUE KEY statement_period (program, period, partner)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
