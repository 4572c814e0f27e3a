-- Claims of partners.
CREATE TABLE IF NOT EXISTS claim (
  partner VARBINARY(64) NOT NULL,
  claim VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,             -- 1 submitted, 2 approved, 3 rejected, 4 withdrawn, 5 paid
  kind SMALLINT NOT NULL,              -- claims/claim.h
  fund_request VARBINARY(64) NOT NULL, -- of MDF
  contact VARBINARY(64) NOT NULL,      -- of SPIFF: who is rewarded, a pseudonym; else empty
  currency VARBINARY(3) NOT NULL,      -- of what it is against
  amount BIGINT NOT NULL,
  note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  claimant VARBINARY(255) NOT NULL,
  decider VARBINARY(255) NOT NULL,     -- empty before it is decided
  decision_note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  approved BIGINT NOT NULL,
  payer VARBINARY(255) NOT NULL,       -- empty before it is paid
  PRIMARY KEY (partner, claim),
  KEY by_request (partner, fund_request)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
