-- Scans as they were told: of a unit, or of a container (a box or pallet), which then has neither product nor serial. The units that
-- were seen by them are in unit_event.
CREATE TABLE IF NOT EXISTS scan_event (
  name VARBINARY(255) NOT NULL,
  kind TINYINT NOT NULL,
  product VARBINARY(255) NOT NULL,
  serial VARBINARY(64) NOT NULL,
  container VARBINARY(64) NOT NULL,
  region VARBINARY(255) NOT NULL,
  scan_date DATE NOT NULL,
  PRIMARY KEY (name),
  KEY by_container (container)
) ENGINE = InnoDB
