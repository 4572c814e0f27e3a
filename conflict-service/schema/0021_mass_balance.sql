-- The balances that somebody asked for, and those that findings by units alone are about (asked = 0). Their figures are read from
-- reconciled_gap and unit_event. The id is a hash of the rest; lot is NULL where all lots count together.
CREATE TABLE IF NOT EXISTS mass_balance (
  id VARBINARY(32) NOT NULL,
  uid BINARY(16) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  product VARBINARY(255) NOT NULL,
  lot VARBINARY(64) NULL,
  from_date DATE NOT NULL,
  to_date DATE NOT NULL,
  asked TINYINT NOT NULL,
  PRIMARY KEY (id),
  KEY by_product (product, from_date, to_date)
) ENGINE = InnoDB
