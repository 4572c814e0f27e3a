-- Events that could not be applied, with the error that says why.
CREATE TABLE IF NOT EXISTS parked_event (
  feed VARBINARY(64) NOT NULL,
  shard SMALLINT NOT NULL,
  seq BIGINT NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  verb VARBINARY(64) NOT NULL,
  name VARBINARY(700) NOT NULL,
  type VARBINARY(255) NOT NULL,
  payload MEDIUMBLOB NOT NULL,
  error VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  parked_at DATETIME(6) NOT NULL,
  PRIMARY KEY (feed, shard, seq)
) ENGINE=InnoDB;
