-- What each party of a case may be told beside its own subjects; regions are one a line.
CREATE TABLE IF NOT EXISTS case_party (
  case_id VARBINARY(32) NOT NULL,
  partner VARBINARY(255) NOT NULL,
  product VARBINARY(255) NOT NULL,
  lot VARBINARY(64) NOT NULL,
  units DECIMAL(38,6) NULL,
  regions MEDIUMBLOB NOT NULL,
  PRIMARY KEY (case_id, partner)
) ENGINE = InnoDB
