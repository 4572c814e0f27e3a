-- What one program says in a statement of one period of its scale.
CREATE TABLE IF NOT EXISTS statement_entry (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- from 1
  kind SMALLINT NOT NULL,
  program VARBINARY(63) NOT NULL,
  program_version BIGINT NOT NULL,
  period VARBINARY(16) NOT NULL,       -- of the scale
  period_start DATE NOT NULL,
  counted_until DATE NOT NULL,         -- first day whose lines do not count
  close_period VARBINARY(16) NOT NULL, -- of the close that made it
  line_count BIGINT NOT NULL,
  qualifying VARBINARY(200) NOT NULL,  -- exact, "num" or "num/den"
  quantity DECIMAL(38,6) NOT NULL,
  converted MEDIUMBLOB NOT NULL,       -- "currency date amount rate lines" and so on
  value BIGINT NOT NULL,               -- minor units
  stated_before BIGINT NOT NULL,       -- minor units
  amount BIGINT NOT NULL,              -- value - stated_before
  PRIMARY KEY (partner, number, ordinal),
  KEY statement_entry_program (program, period, partner)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
