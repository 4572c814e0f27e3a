-- Serials of shipment lines as the inventory feed tells them. A reversal has one row without a serial, so that the order of line and
-- reversal does not matter.
CREATE TABLE IF NOT EXISTS shipped_serial (
  product VARBINARY(255) NOT NULL,
  serial VARBINARY(64) NOT NULL,
  line VARBINARY(255) NOT NULL,
  partner VARBINARY(255) NOT NULL,
  product_line VARBINARY(255) NOT NULL,
  lot VARBINARY(64) NOT NULL,
  ship_date DATE NOT NULL,
  is_return TINYINT NOT NULL,
  reverses VARBINARY(255) NOT NULL,
  PRIMARY KEY (product, serial, line),
  KEY by_reversed (reverses)
) ENGINE = InnoDB
