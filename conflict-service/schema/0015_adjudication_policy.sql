-- How contests are decided. terms is what contests/terms.h writes.
CREATE TABLE IF NOT EXISTS adjudication_policy (
  name VARBINARY(255) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state TINYINT NOT NULL,
  terms MEDIUMBLOB NOT NULL,
  PRIMARY KEY (name),
  KEY by_state (state, name)
) ENGINE = InnoDB
