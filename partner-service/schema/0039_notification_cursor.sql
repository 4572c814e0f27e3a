CREATE TABLE IF NOT EXISTS notification_cursor (
  shard SMALLINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (shard)
) ENGINE=InnoDB;
