CREATE TABLE IF NOT EXISTS stock_position (
  partner VARBINARY(64) NOT NULL,
  site VARBINARY(64) NOT NULL,
  product VARBINARY(64) NOT NULL,
  lot VARBINARY(64) NOT NULL,
  bucket SMALLINT NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner, site, product, lot, bucket),
  KEY by_lot (product, lot, partner)
) ENGINE=InnoDB;
