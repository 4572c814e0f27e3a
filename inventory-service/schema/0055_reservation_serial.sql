CREATE TABLE IF NOT EXISTS reservation_serial (
  product VARBINARY(64) NOT NULL,
  serial VARBINARY(64) NOT NULL,
  partner VARBINARY(64) NOT NULL,
  reservation VARBINARY(64) NOT NULL,
  PRIMARY KEY (product, serial),
  KEY by_reservation (partner, reservation)
) ENGINE=InnoDB;
