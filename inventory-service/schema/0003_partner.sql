CREATE TABLE IF NOT EXISTS partner (
  id VARBINARY(64) NOT NULL,
  state SMALLINT NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  home_region VARBINARY(64) NOT NULL,
  channel VARBINARY(64) NULL,  -- NULL: nobody told yet; empty: it has none
  PRIMARY KEY (id)
) ENGINE=InnoDB;
