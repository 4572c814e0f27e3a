CREATE TABLE IF NOT EXISTS serial_posting (
  product VARBINARY(64) NOT NULL,
  serial VARBINARY(64) NOT NULL,
  shard SMALLINT NOT NULL,
  seq BIGINT NOT NULL,
  n SMALLINT NOT NULL,
  partner VARBINARY(64) NOT NULL,
  lot VARBINARY(64) NOT NULL,
  from_place VARBINARY(128) NOT NULL,
  to_place VARBINARY(128) NOT NULL,
  is_back SMALLINT NOT NULL,
  effective_date DATE NOT NULL,
  cause VARBINARY(255) NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  PRIMARY KEY (product, serial, shard, seq, n),
  KEY by_position (shard, seq)
) ENGINE=InnoDB;
