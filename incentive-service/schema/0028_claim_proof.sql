-- What claims rest on.
CREATE TABLE IF NOT EXISTS claim_proof (
  partner VARBINARY(64) NOT NULL,
  claim VARBINARY(64) NOT NULL,
  ordinal SMALLINT NOT NULL,
  document VARBINARY(80) NOT NULL,     -- documents/{document}
  sha256 VARBINARY(64) NOT NULL,
  PRIMARY KEY (partner, claim, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
