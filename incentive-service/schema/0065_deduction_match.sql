-- What of deductions was taken for claims and statements. Append-only.
CREATE TABLE IF NOT EXISTS deduction_match (
  partner VARBINARY(64) NOT NULL,
  deduction VARBINARY(64) NOT NULL,
  ordinal BIGINT NOT NULL,             -- counts those of the deduction from 1
  item VARBINARY(200) NOT NULL,        -- claims/{claim} or statements/{statement}
  amount BIGINT NOT NULL,              -- minor units; below 0 where it takes one back
  principal VARBINARY(255) NOT NULL,
  match_time DATETIME(6) NOT NULL,
  note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,  -- why it was taken back; empty of others
  PRIMARY KEY (partner, deduction, ordinal),
  KEY deduction_match_item (partner, item)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
