CREATE TABLE IF NOT EXISTS remittance (
  partner VARBINARY(64) NOT NULL,
  payment VARBINARY(64) NOT NULL,
  decided SMALLINT NOT NULL,
  n INT NOT NULL,
  invoice VARBINARY(64) NOT NULL,
  amount DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (partner, payment, decided, n)
) ENGINE=InnoDB;
