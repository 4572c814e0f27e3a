CREATE TABLE IF NOT EXISTS supply_promise (
  product VARBINARY(64) NOT NULL,
  partner VARBINARY(64) NOT NULL,
  order_id VARBINARY(64) NOT NULL,
  order_line INT NOT NULL,
  promise_date DATE NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (product, partner, order_id, order_line, promise_date),
  KEY by_order (partner, order_id)
) ENGINE=InnoDB;
