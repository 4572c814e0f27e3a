-- Customers' keys of which some spellings are one customer's though the keys differ, each pair both ways round, found when the later of the
-- spellings came.
CREATE TABLE IF NOT EXISTS customer_alike (
  customer_key BINARY(32) NOT NULL,
  other_key BINARY(32) NOT NULL,
  PRIMARY KEY (customer_key, other_key)
) ENGINE = InnoDB
