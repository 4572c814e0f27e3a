-- What products cost the vendor, as inventory-service tells it: from a day on, until the product's next cost.
CREATE TABLE IF NOT EXISTS standard_cost (
  product VARBINARY(200) NOT NULL,     -- products/{product}
  effective_from DATE NOT NULL,
  currency VARBINARY(3) NOT NULL,
  cost DECIMAL(38,6) NOT NULL,         -- of one base unit
  PRIMARY KEY (product, effective_from)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
