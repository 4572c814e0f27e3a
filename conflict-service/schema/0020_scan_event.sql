-- Where units were seen.
CREATE TABLE IF NOT EXISTS scan_event (
  name VARBINARY(255) NOT NULL,
  kind TINYINT NOT NULL,
  product VARBINARY(255) NOT NULL,
  serial VARBINARY(64) NOT NULL,
  region VARBINARY(255) NOT NULL,
  scan_date DATE NOT NULL,
  PRIMARY KEY (name),
  KEY by_product (product, scan_date)
) ENGINE = InnoDB
