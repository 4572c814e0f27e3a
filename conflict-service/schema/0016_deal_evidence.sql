-- Evidence of work on deals.
CREATE TABLE IF NOT EXISTS deal_evidence (
  deal VARBINARY(255) NOT NULL,
  name VARBINARY(255) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state TINYINT NOT NULL,
  kind TINYINT NOT NULL,
  evidence_date DATE NOT NULL,
  document VARBINARY(255) NOT NULL,
  note VARCHAR(2000) CHARACTER SET utf8mb4 NOT NULL,
  created_by VARBINARY(255) NOT NULL,
  verified_by VARBINARY(255) NOT NULL,
  PRIMARY KEY (deal, name)
) ENGINE = InnoDB
