-- What partners ask of their allocations. Whoever changes a request or one of its claims holds its row.
CREATE TABLE IF NOT EXISTS fund_request (
  partner VARBINARY(64) NOT NULL,
  fund_request VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,             -- 1 submitted, 2 approved, 3 rejected, 4 withdrawn, 5 closed
  fund_allocation VARBINARY(64) NOT NULL,
  activity SMALLINT NOT NULL,
  description VARCHAR(2000) CHARACTER SET utf8mb4 NOT NULL,
  activity_from DATE NOT NULL,
  activity_to DATE NOT NULL,           -- the first day after
  currency VARBINARY(3) NOT NULL,      -- the budget's
  amount BIGINT NOT NULL,
  requester VARBINARY(255) NOT NULL,
  decider VARBINARY(255) NOT NULL,     -- empty before it is decided
  decision_note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  approved BIGINT NOT NULL,
  pending BIGINT NOT NULL,             -- sum of the amounts of its submitted claims
  claimed BIGINT NOT NULL,             -- sum of what was approved of its claims
  returned BIGINT NOT NULL,            -- approved - claimed once it is closed
  claim_deadline DATE NULL,            -- the last day; set by the approval
  PRIMARY KEY (partner, fund_request),
  KEY by_allocation (partner, fund_allocation)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
