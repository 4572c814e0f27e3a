CREATE TABLE IF NOT EXISTS on_hand_report (
  document VARBINARY(64) NOT NULL,
  partner VARBINARY(64) NOT NULL,
  line INT NOT NULL,
  generation INT NOT NULL,
  product VARBINARY(64) NOT NULL,
  product_line VARBINARY(64) NOT NULL,
  lot VARBINARY(64) NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  posted SMALLINT NOT NULL,
  import_id BINARY(16) NULL,
  shard SMALLINT NOT NULL,
  seq BIGINT NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  parts MEDIUMBLOB NULL,  -- of a kit: what lies there in its place
  site VARBINARY(64) NOT NULL,
  boundary_date DATE NOT NULL,
  boundary SMALLINT NOT NULL,
  report BINARY(16) NOT NULL,
  PRIMARY KEY (document, partner, line, generation),
  UNIQUE KEY by_position (shard, seq),
  KEY by_partner (partner, document, line, generation),
  KEY by_boundary (partner, boundary_date, site, product)
) ENGINE=InnoDB;
