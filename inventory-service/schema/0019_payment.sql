CREATE TABLE IF NOT EXISTS payment (
  partner VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  payment_date DATE NOT NULL,
  currency VARBINARY(3) NOT NULL,
  amount DECIMAL(38,6) NOT NULL,
  reverses VARBINARY(64) NOT NULL,
  reversed_by VARBINARY(64) NOT NULL,
  unallocated DECIMAL(38,6) NOT NULL,
  waiting DECIMAL(38,6) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner, id)
) ENGINE=InnoDB;
