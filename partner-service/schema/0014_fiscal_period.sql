CREATE TABLE IF NOT EXISTS fiscal_period (
  calendar_id VARBINARY(64) NOT NULL,
  kind SMALLINT NOT NULL,
  start_date DATE NOT NULL,
  end_date DATE NOT NULL,
  id VARBINARY(64) NOT NULL,
  parent VARBINARY(64) NOT NULL,
  PRIMARY KEY (calendar_id, kind, start_date)
) ENGINE=InnoDB;
