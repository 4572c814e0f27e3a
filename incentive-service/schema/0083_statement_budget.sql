-- Of entries of programs with a budget: what it left of the value. Minor units.
CREATE TABLE IF NOT EXISTS statement_budget (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  asked BIGINT NOT NULL,               -- the value before the budget
  share BIGINT NOT NULL,               -- what the budget has for it
  factor VARBINARY(16) NOT NULL,       -- as budget_use
  used_up_on DATE NULL,                -- likewise
  PRIMARY KEY (partner, number, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
