CREATE TABLE IF NOT EXISTS report_cell (
  partner VARBINARY(64) NOT NULL,
  activity SMALLINT NOT NULL,
  business_date DATE NOT NULL,
  site VARBINARY(64) NOT NULL,
  report BINARY(16) NOT NULL,
  digest BINARY(32) NOT NULL,
  PRIMARY KEY (partner, activity, business_date, site, report)
) ENGINE=InnoDB;
