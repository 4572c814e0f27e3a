CREATE TABLE IF NOT EXISTS allocation (
  partner VARBINARY(64) NOT NULL,
  kind SMALLINT NOT NULL,
  source VARBINARY(64) NOT NULL,
  n INT NOT NULL,
  invoice VARBINARY(64) NOT NULL,
  amount DECIMAL(38,6) NOT NULL,
  allocation_date DATE NOT NULL,
  invoice_date DATE NOT NULL,
  settled_on DATE NOT NULL,
  cause SMALLINT NOT NULL,
  PRIMARY KEY (partner, kind, source, n)
) ENGINE=InnoDB;
