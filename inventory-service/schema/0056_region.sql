-- Regions as the partner feed tells them, by id; parent is empty at a root.
CREATE TABLE IF NOT EXISTS region (
  id VARBINARY(64) NOT NULL,
  parent VARBINARY(64) NOT NULL,
  active SMALLINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
