CREATE TABLE IF NOT EXISTS return_line (
  partner VARBINARY(64) NOT NULL,
  return_id VARBINARY(64) NOT NULL,
  n INT NOT NULL,
  document VARBINARY(64) NOT NULL,
  line INT NOT NULL,
  product VARBINARY(64) NOT NULL,
  lot VARBINARY(64) NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  serials MEDIUMBLOB NOT NULL,
  unit VARBINARY(64) NOT NULL,
  unit_quantity DECIMAL(38,6) NOT NULL,
  posted SMALLINT NOT NULL,  -- whether it moves stock when it is received
  parts MEDIUMBLOB NULL,     -- of a kit: what then moves in its place
  PRIMARY KEY (partner, return_id, n),
  KEY by_original (partner, document, line),
  KEY by_product (partner, product)
) ENGINE=InnoDB;
