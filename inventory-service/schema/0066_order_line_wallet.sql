-- What of an order's hold falls on its lines; no row where nothing does.
CREATE TABLE IF NOT EXISTS order_line_wallet (
  partner VARBINARY(64) NOT NULL,
  order_id VARBINARY(64) NOT NULL,
  line INT NOT NULL,
  amount DECIMAL(38,6) NOT NULL,
  discount DECIMAL(38,6) NOT NULL,  -- what of it lowers the line's amounts
  PRIMARY KEY (partner, order_id, line)
) ENGINE=InnoDB;
