CREATE TABLE IF NOT EXISTS announcement_audience (
  announcement_id VARBINARY(64) NOT NULL,
  kind SMALLINT NOT NULL,
  name VARBINARY(255) NOT NULL,
  PRIMARY KEY (announcement_id, kind, name)
) ENGINE=InnoDB;
