CREATE TABLE IF NOT EXISTS stock_position (
  partner VARBINARY(64) NOT NULL,
  site VARBINARY(64) NOT NULL,
  product VARBINARY(64) NOT NULL,
  on_hand DECIMAL(38,6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner, site, product)
) ENGINE=InnoDB;
