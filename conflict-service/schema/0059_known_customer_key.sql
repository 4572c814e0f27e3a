-- The keys of the names that customers have; none of one that was erased.
CREATE TABLE IF NOT EXISTS known_customer_key (
  customer_key BINARY(32) NOT NULL,
  customer VARBINARY(255) NOT NULL,
  PRIMARY KEY (customer_key, customer),
  KEY by_customer (customer)
) ENGINE = InnoDB
