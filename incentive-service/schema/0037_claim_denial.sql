-- What of a line of a claim is not paid, and why.
CREATE TABLE IF NOT EXISTS claim_denial (
  partner VARBINARY(64) NOT NULL,
  claim VARBINARY(64) NOT NULL,
  ordinal SMALLINT NOT NULL,           -- of the line
  reason SMALLINT NOT NULL,            -- those of the wire
  quantity DECIMAL(38,6) NOT NULL,
  amount BIGINT NOT NULL,              -- minor units
  PRIMARY KEY (partner, claim, ordinal, reason)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
