CREATE TABLE IF NOT EXISTS stock_posting (
  partner VARBINARY(64) NOT NULL,
  product VARBINARY(64) NOT NULL,
  shard SMALLINT NOT NULL,
  seq BIGINT NOT NULL,
  n SMALLINT NOT NULL,
  lot VARBINARY(64) NOT NULL,
  from_place VARBINARY(128) NOT NULL,
  to_place VARBINARY(128) NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  effective_date DATE NOT NULL,
  cause VARBINARY(255) NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  PRIMARY KEY (partner, product, shard, seq, n),
  UNIQUE KEY by_position (shard, seq, n)
) ENGINE=InnoDB;
