CREATE TABLE IF NOT EXISTS supply (
  id VARBINARY(64) NOT NULL,
  product VARBINARY(64) NOT NULL,
  available_date DATE NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  note VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  KEY by_product (product, available_date)
) ENGINE=InnoDB;
