-- Customers as partner-service's feed tells them, by pseudonym; merged_into is empty of one that stands for itself.
CREATE TABLE IF NOT EXISTS known_customer (
  customer VARBINARY(255) NOT NULL,
  merged_into VARBINARY(255) NOT NULL,
  PRIMARY KEY (customer),
  KEY by_into (merged_into)
) ENGINE = InnoDB
