-- What sell-through rows say of goods, in base units. Where a row is of, and whether it was reversed, is in the table sale.
CREATE TABLE IF NOT EXISTS sold_goods (
  sale VARBINARY(255) NOT NULL,
  partner VARBINARY(255) NOT NULL,
  product VARBINARY(255) NOT NULL,
  sale_date DATE NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (sale),
  KEY by_product (product, partner, sale_date)
) ENGINE = InnoDB
