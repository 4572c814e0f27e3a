CREATE TABLE IF NOT EXISTS counted_site (
  partner VARBINARY(64) NOT NULL,
  site VARBINARY(64) NOT NULL,
  last_closing DATE NOT NULL,
  PRIMARY KEY (partner, site)
) ENGINE=InnoDB;
