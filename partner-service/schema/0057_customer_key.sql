CREATE TABLE IF NOT EXISTS customer_key (
  kind SMALLINT NOT NULL,
  key_sha256 BINARY(32) NOT NULL,
  customer_id VARBINARY(64) NOT NULL,
  PRIMARY KEY (kind, key_sha256, customer_id),
  KEY customer_key_by_customer (customer_id)
) ENGINE=InnoDB;
