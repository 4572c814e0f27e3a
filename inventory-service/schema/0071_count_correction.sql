CREATE TABLE IF NOT EXISTS count_correction (
  shard SMALLINT NOT NULL,
  seq BIGINT NOT NULL,
  because VARBINARY(255) NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  PRIMARY KEY (shard, seq)
) ENGINE=InnoDB;
