CREATE TABLE IF NOT EXISTS reservation_line (
  partner VARBINARY(64) NOT NULL,
  reservation VARBINARY(64) NOT NULL,
  n INT NOT NULL,
  site VARBINARY(64) NOT NULL,
  product VARBINARY(64) NOT NULL,
  lot VARBINARY(64) NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  posted DECIMAL(38,6) NOT NULL,
  held DECIMAL(38,6) NOT NULL,
  serials MEDIUMBLOB NOT NULL,
  unit VARBINARY(64) NOT NULL,  -- in which it was asked for; empty: in base units
  unit_quantity DECIMAL(38,6) NOT NULL,
  kit VARBINARY(64) NOT NULL,  -- of which it is a part; empty: of none
  kit_quantity DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (partner, reservation, n),
  KEY by_position (partner, site, product, lot, held)
) ENGINE=InnoDB;
