-- Of the sales in sold_goods that tell it: what was paid for all units. By product, so that a price rule finds the sales that it is for.
CREATE TABLE IF NOT EXISTS sold_price (
  product VARBINARY(255) NOT NULL,
  sale VARBINARY(255) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  paid DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (product, sale)
) ENGINE = InnoDB
