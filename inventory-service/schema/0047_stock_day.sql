CREATE TABLE IF NOT EXISTS stock_day (
  partner VARBINARY(64) NOT NULL,
  product VARBINARY(64) NOT NULL,
  site VARBINARY(64) NOT NULL,
  bucket SMALLINT NOT NULL,
  lot VARBINARY(64) NOT NULL,
  effective_date DATE NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (partner, product, site, bucket, lot, effective_date)
) ENGINE=InnoDB;
