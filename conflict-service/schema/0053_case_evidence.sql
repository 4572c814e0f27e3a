-- What cases rest on, each record as it was at detection; never changed. The hashes are hexadecimal digits: over the record and all its
-- lines, and of the record before it in its case.
CREATE TABLE IF NOT EXISTS case_evidence (
  case_id VARBINARY(32) NOT NULL,
  number BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  previous_sha256 VARBINARY(64) NOT NULL,
  sha256 VARBINARY(64) NOT NULL,
  PRIMARY KEY (case_id, number)
) ENGINE = InnoDB
