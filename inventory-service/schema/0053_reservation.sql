CREATE TABLE IF NOT EXISTS reservation (
  partner VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  expire_time DATETIME(6) NULL,
  document VARBINARY(64) NOT NULL,
  order_id VARBINARY(64) NOT NULL,
  note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  to_place VARBINARY(128) NOT NULL,
  PRIMARY KEY (partner, id),
  KEY by_expiry (state, expire_time)
) ENGINE=InnoDB;
