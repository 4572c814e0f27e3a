CREATE TABLE IF NOT EXISTS channel (
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  display_name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  type SMALLINT NOT NULL,
  route SMALLINT NOT NULL,
  level SMALLINT NOT NULL,
  parent_channel VARBINARY(80) NOT NULL,
  product_line VARBINARY(80) NOT NULL,
  required_documents VARBINARY(64) NOT NULL,
  PRIMARY KEY (id),
  KEY channel_by_parent (parent_channel, id),
  KEY channel_by_product_line (product_line, id)
) ENGINE=InnoDB;
