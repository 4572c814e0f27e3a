-- By what names partner-service knows customers, as its feed tells them: SHA-256 of what a name is compared by. None of a
-- customer that was erased.
CREATE TABLE IF NOT EXISTS customer_name (
  name_key BINARY(32) NOT NULL,
  customer VARBINARY(255) NOT NULL,
  PRIMARY KEY (name_key, customer),
  KEY by_customer (customer)
) ENGINE=InnoDB;
