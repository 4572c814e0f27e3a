CREATE TABLE IF NOT EXISTS stock_count_line (
  partner VARBINARY(64) NOT NULL,
  count_id VARBINARY(64) NOT NULL,
  product VARBINARY(64) NOT NULL,
  lot VARBINARY(64) NOT NULL,
  bucket SMALLINT NOT NULL,
  counted DECIMAL(38,6) NOT NULL,
  unit VARBINARY(64) NOT NULL,
  unit_quantity DECIMAL(38,6) NOT NULL,
  listed SMALLINT NOT NULL,
  PRIMARY KEY (partner, count_id, product, lot, bucket)
) ENGINE=InnoDB;
