CREATE TABLE IF NOT EXISTS standing_count (
  partner VARBINARY(64) NOT NULL,
  site VARBINARY(64) NOT NULL,
  product VARBINARY(64) NOT NULL,
  lot VARBINARY(64) NOT NULL,
  bucket SMALLINT NOT NULL,
  closing DATE NOT NULL,
  count_id VARBINARY(64) NOT NULL,
  PRIMARY KEY (partner, site, product, lot, bucket, closing)
) ENGINE=InnoDB;
