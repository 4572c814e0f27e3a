CREATE TABLE IF NOT EXISTS product_component (
  product VARBINARY(64) NOT NULL,
  component VARBINARY(64) NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE NULL,
  quantity DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (product, component, effective_from),
  KEY by_component (component, product)
) ENGINE=InnoDB;
