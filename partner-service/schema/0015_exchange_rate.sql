CREATE TABLE IF NOT EXISTS exchange_rate (
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  rate_type VARBINARY(64) NOT NULL,
  from_currency VARBINARY(3) NOT NULL,
  to_currency VARBINARY(3) NOT NULL,
  rate_date DATE NOT NULL,
  rate VARBINARY(40) NOT NULL,
  source_text VARBINARY(64) NOT NULL,
  import_id VARBINARY(36) NOT NULL,
  PRIMARY KEY (id),
  KEY exchange_rate_by_day (rate_type, from_currency, to_currency, state, rate_date),
  KEY exchange_rate_by_import (import_id, state, id)
) ENGINE=InnoDB;
