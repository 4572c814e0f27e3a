-- The versions of conflictRules/diversion; the greatest holds.
CREATE TABLE IF NOT EXISTS diversion_policy (
  version BIGINT NOT NULL,
  update_time DATETIME(6) NOT NULL,
  least_units DECIMAL(38,6) NOT NULL,
  prior_decibans INT NOT NULL,
  balance_decibans INT NOT NULL,
  outside_serial_decibans INT NOT NULL,
  threshold_decibans INT NOT NULL,
  PRIMARY KEY (version)
) ENGINE = InnoDB
