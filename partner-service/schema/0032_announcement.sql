CREATE TABLE IF NOT EXISTS announcement (
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  publish_time DATETIME(6),
  PRIMARY KEY (id),
  KEY announcement_published (state, publish_time)
) ENGINE=InnoDB;
