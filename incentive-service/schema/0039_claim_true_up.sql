-- What later facts made of claims that were paid.
CREATE TABLE IF NOT EXISTS claim_true_up (
  partner VARBINARY(64) NOT NULL,
  claim VARBINARY(64) NOT NULL,
  ordinal SMALLINT NOT NULL,
  amount BIGINT NOT NULL,              -- minor units; below zero: taken back
  due BIGINT NOT NULL,                 -- of the whole claim
  principal VARBINARY(255) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner, claim, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
