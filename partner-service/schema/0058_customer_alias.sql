CREATE TABLE IF NOT EXISTS customer_alias (
  customer_id VARBINARY(64) NOT NULL,
  position INT NOT NULL,
  into_id VARBINARY(64) NOT NULL,
  start_time DATETIME(6) NOT NULL,
  end_time DATETIME(6),
  PRIMARY KEY (customer_id, position)
) ENGINE=InnoDB;
