-- Disputes about statements.
CREATE TABLE IF NOT EXISTS dispute (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  dispute VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,             -- 1 open, 2 accepted, 3 rejected
  currency VARBINARY(3) NOT NULL,      -- the statement's
  reason VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  opener VARBINARY(255) NOT NULL,
  resolver VARBINARY(255) NOT NULL,    -- empty before it is resolved
  resolution_note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  adjustment VARBINARY(64) NOT NULL,   -- that puts it right; empty for none
  PRIMARY KEY (partner, number, dispute)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
