CREATE TABLE IF NOT EXISTS direct_sale (
  document VARBINARY(64) NOT NULL,
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
  parts MEDIUMBLOB NULL,  -- of a kit: what moved in its place
  order_date DATE NOT NULL,
  currency VARBINARY(3) NOT NULL,
  unit_price DECIMAL(38,6) NOT NULL,
  net_amount DECIMAL(38,6) NOT NULL,
  region VARBINARY(64) NOT NULL,
  customer_code VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
  PRIMARY KEY (document, line, generation),
  UNIQUE KEY by_position (shard, seq),
  KEY by_import (import_id, document, line, generation)
) ENGINE=InnoDB;
