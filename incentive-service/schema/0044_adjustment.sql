-- Adjustments of statements.
CREATE TABLE IF NOT EXISTS adjustment (
  partner VARBINARY(64) NOT NULL,
  adjustment VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,             -- 1 requested, 2 approved, 3 rejected
  currency VARBINARY(3) NOT NULL,
  amount BIGINT NOT NULL,              -- minor units, not 0
  program VARBINARY(63) NOT NULL,      -- empty for none
  reason VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  document VARBINARY(80) NOT NULL,     -- documents/{document}; empty where it settles a dispute
  dispute VARBINARY(200) NOT NULL,     -- without "partners/{partner}/"; empty for none
  requester VARBINARY(255) NOT NULL,
  decider VARBINARY(255) NOT NULL,     -- empty before it is decided
  decision_note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  statement BIGINT NOT NULL,           -- number of the statement that has it; 0 before one is issued
  ordinal BIGINT NOT NULL,             -- in that statement
  price_change VARBINARY(64) NOT NULL, -- that it charges for; empty for none
  PRIMARY KEY (partner, adjustment),
  KEY adjustment_statement (partner, statement, ordinal),
  KEY adjustment_price_change (price_change, partner)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
