CREATE TABLE IF NOT EXISTS credit_line (
  partner VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  credit_limit DECIMAL(38,6) NOT NULL,
  payment_terms_days INT NOT NULL,
  valid_from DATE NOT NULL,
  valid_to DATE NOT NULL,
  on_hold SMALLINT NOT NULL,
  PRIMARY KEY (partner, id)
) ENGINE=InnoDB;
