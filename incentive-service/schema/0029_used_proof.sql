-- Which claim a proof is used for. A claim that is rejected or withdrawn gives its proofs free.
CREATE TABLE IF NOT EXISTS used_proof (
  partner VARBINARY(64) NOT NULL,
  sha256 VARBINARY(64) NOT NULL,
  claim VARBINARY(64) NOT NULL,
  PRIMARY KEY (partner, sha256)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
