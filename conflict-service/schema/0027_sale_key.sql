-- What tells the units of a sale from all others; the hash is of the words. A sale has one for each serial, and one for its invoice.
CREATE TABLE IF NOT EXISTS sale_key (
  key_hash VARBINARY(32) NOT NULL,
  sale VARBINARY(255) NOT NULL,
  words BLOB NOT NULL,
  PRIMARY KEY (key_hash, sale),
  KEY by_sale (sale)
) ENGINE = InnoDB
