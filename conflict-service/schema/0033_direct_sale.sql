-- The vendor's own sales as the inventory feed tells them. A reversed row stays, so that the order of row and reversal does not matter.
CREATE TABLE IF NOT EXISTS direct_sale (
  name VARBINARY(255) NOT NULL,
  sale_date DATE NOT NULL,
  region VARBINARY(255) NOT NULL,
  product_line VARBINARY(255) NOT NULL,
  customer VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  is_return TINYINT NOT NULL,
  reverses VARBINARY(255) NOT NULL,
  PRIMARY KEY (name),
  KEY by_region (region, sale_date, name),
  KEY by_reversed (reverses)
) ENGINE = InnoDB
