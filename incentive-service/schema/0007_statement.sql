CREATE TABLE IF NOT EXISTS statement (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- counts the partner's statements from 1, without gaps
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  kind SMALLINT NOT NULL,
  period VARBINARY(16) NOT NULL,
  period_start DATE NOT NULL,
  period_end DATE NOT NULL,
  currency VARBINARY(3) NOT NULL,
  line_count BIGINT NOT NULL,
  total BIGINT NOT NULL,               -- minor units
  issue_time DATETIME(6) NULL,
  issued_by VARBINARY(255) NULL,       -- principal
  previous_hash VARBINARY(64) NOT NULL,
  hash VARBINARY(64) NOT NULL,         -- of the exported document; empty for a draft
  PRIMARY KEY (partner, number),
  KEY statement_period (period, state, partner, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
