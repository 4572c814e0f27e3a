CREATE TABLE IF NOT EXISTS distributor_order_line (
  partner VARBINARY(64) NOT NULL,
  order_id VARBINARY(64) NOT NULL,
  line INT NOT NULL,
  product VARBINARY(64) NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  free_of_charge SMALLINT NOT NULL,
  list_price DECIMAL(38,6) NOT NULL,
  discount DECIMAL(38,6) NOT NULL,
  net_amount DECIMAL(38,6) NOT NULL,
  tax_amount DECIMAL(38,6) NOT NULL,
  gross_amount DECIMAL(38,6) NOT NULL,
  confirmed DECIMAL(38,6) NOT NULL,
  unit VARBINARY(64) NOT NULL,  -- in which it was ordered; empty: in base units
  unit_quantity DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (partner, order_id, line)
) ENGINE=InnoDB;
