-- How often partners tried with validate_only, by day (UTC).
CREATE TABLE IF NOT EXISTS deal_trial (
  partner VARBINARY(255) NOT NULL,
  day DATE NOT NULL,
  times BIGINT NOT NULL,
  PRIMARY KEY (partner, day)
) ENGINE = InnoDB
