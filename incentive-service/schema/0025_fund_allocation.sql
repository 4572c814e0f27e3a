-- What partners may spend of budgets. Whoever approves a request holds its allocation's row.
CREATE TABLE IF NOT EXISTS fund_allocation (
  partner VARBINARY(64) NOT NULL,
  fund_allocation VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  budget VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,      -- the budget's
  amount BIGINT NOT NULL,
  requested BIGINT NOT NULL,           -- sum of approved - returned of its requests
  PRIMARY KEY (partner, fund_allocation),
  KEY by_budget (budget)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
