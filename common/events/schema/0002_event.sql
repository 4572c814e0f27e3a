-- Events that are not rows of a table of their own.
CREATE TABLE IF NOT EXISTS event (
  shard SMALLINT NOT NULL,
  seq BIGINT NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  verb VARBINARY(64) NOT NULL,
  name VARBINARY(700) NOT NULL,
  type VARBINARY(255) NOT NULL,
  payload MEDIUMBLOB NOT NULL,
  PRIMARY KEY (shard, seq)
) ENGINE=InnoDB;
