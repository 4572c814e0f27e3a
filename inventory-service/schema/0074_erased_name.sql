-- What stands in the place of each spelling of an erased customer's names, and the spelling's SHA-256: by it a line that
-- is sent again is known again.
CREATE TABLE IF NOT EXISTS erased_name (
  stand_in VARBINARY(255) NOT NULL,
  customer VARBINARY(255) NOT NULL,
  spelling BINARY(32) NOT NULL,
  PRIMARY KEY (stand_in),
  KEY by_customer (customer)
) ENGINE=InnoDB;
