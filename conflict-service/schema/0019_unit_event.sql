-- What happened to units whose serials are told: shipments, transfers and sales as the inventory feed tells them, and where units were
-- seen, one row a unit and source. A reversal of a shipment or a transfer has one row without a serial, so that the order of line and
-- reversal does not matter; that of a sale is in the table sale.
CREATE TABLE IF NOT EXISTS unit_event (
  product VARBINARY(255) NOT NULL,
  serial VARBINARY(64) NOT NULL,
  source VARBINARY(255) NOT NULL,
  kind TINYINT NOT NULL,
  event_date DATE NOT NULL,
  partner VARBINARY(255) NOT NULL,
  giver VARBINARY(255) NOT NULL,
  region VARBINARY(255) NOT NULL,
  product_line VARBINARY(255) NOT NULL,
  lot VARBINARY(64) NOT NULL,
  reverses VARBINARY(255) NOT NULL,
  PRIMARY KEY (product, serial, source),
  KEY by_day (product, kind, event_date),
  KEY by_source (source),
  KEY by_region (region, product, event_date),
  KEY by_partner (partner, product, serial),
  KEY by_giver (giver, product, serial),
  KEY by_reversed (reverses)
) ENGINE = InnoDB
