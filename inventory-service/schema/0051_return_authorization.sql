CREATE TABLE IF NOT EXISTS return_authorization (
  partner VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  site VARBINARY(64) NOT NULL,
  disposition SMALLINT NOT NULL,
  reason_code VARBINARY(64) NOT NULL,
  note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  receive_date DATE NULL,
  PRIMARY KEY (partner, id)
) ENGINE=InnoDB;
