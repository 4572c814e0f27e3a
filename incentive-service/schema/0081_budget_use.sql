-- What the budget of a program's period has come to, as its close or the last true-up of it left it. Minor units.
CREATE TABLE IF NOT EXISTS budget_use (
  program VARBINARY(63) NOT NULL,
  period VARBINARY(16) NOT NULL,       -- of the scale
  currency VARBINARY(3) NOT NULL,
  budget BIGINT NOT NULL,
  asked BIGINT NOT NULL,               -- the values of all partners before it
  used BIGINT NOT NULL,                -- what statements have said
  factor VARBINARY(16) NOT NULL,       -- of PRO_RATA: "0.955414013"; empty of another policy
  used_up_on DATE NULL,                -- of BY_EVENT; NULL where the budget suffices
  PRIMARY KEY (program, period)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
