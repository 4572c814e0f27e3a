-- What each partner had of the budget of a program's period then. Minor units.
CREATE TABLE IF NOT EXISTS budget_share (
  program VARBINARY(63) NOT NULL,
  period VARBINARY(16) NOT NULL,
  partner VARBINARY(64) NOT NULL,
  asked BIGINT NOT NULL,               -- its value before the budget
  share BIGINT NOT NULL,               -- what the budget has for it
  funded BIGINT NOT NULL,              -- share, or what was stated before and is still owed
  PRIMARY KEY (program, period, partner)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
