-- Reconciliations as the inventory feed tells them, each with its last figures: what a mass balance is made of.
CREATE TABLE IF NOT EXISTS reconciled_gap (
  name VARBINARY(255) NOT NULL,
  partner VARBINARY(255) NOT NULL,
  product VARBINARY(255) NOT NULL,
  lot VARBINARY(64) NULL,
  from_date DATE NOT NULL,
  to_date DATE NOT NULL,
  revision BIGINT NOT NULL,
  opening_reported DECIMAL(38,6) NULL,
  reported DECIMAL(38,6) NULL,
  sell_in DECIMAL(38,6) NOT NULL,
  sell_through DECIMAL(38,6) NOT NULL,
  transferred_in DECIMAL(38,6) NOT NULL,
  transferred_out DECIMAL(38,6) NOT NULL,
  opening_in_transit DECIMAL(38,6) NOT NULL,
  in_transit DECIMAL(38,6) NOT NULL,
  gap DECIMAL(38,6) NULL,
  unexplained DECIMAL(38,6) NULL,
  accepted TINYINT NOT NULL,
  PRIMARY KEY (name),
  KEY by_period (product, from_date, to_date, name)
) ENGINE = InnoDB
