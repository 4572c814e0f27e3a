-- Regions as the partner feed tells them.
CREATE TABLE IF NOT EXISTS region (
  name VARBINARY(255) NOT NULL,
  parent VARBINARY(255) NOT NULL,
  active TINYINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB
