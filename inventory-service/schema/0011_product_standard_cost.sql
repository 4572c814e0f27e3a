CREATE TABLE IF NOT EXISTS product_standard_cost (
  product VARBINARY(64) NOT NULL,
  effective_from DATE NOT NULL,
  currency VARBINARY(3) NOT NULL,
  cost DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (product, effective_from)
) ENGINE=InnoDB;
