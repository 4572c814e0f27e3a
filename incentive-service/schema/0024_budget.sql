-- Budgets of market development funds. Whoever allocates of one holds its row.
CREATE TABLE IF NOT EXISTS budget (
  budget VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  display_name VARCHAR(200) CHARACTER SET utf8mb4 NOT NULL,
  currency VARBINARY(3) NOT NULL,
  amount BIGINT NOT NULL,              -- minor units, here and below
  effective_from DATE NOT NULL,
  effective_to DATE NOT NULL,          -- the first day after
  claim_days SMALLINT NOT NULL,
  allocated BIGINT NOT NULL,           -- sum of the amounts of its allocations
  PRIMARY KEY (budget)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
