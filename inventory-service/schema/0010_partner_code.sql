CREATE TABLE IF NOT EXISTS partner_code (
  partner VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  kind SMALLINT NOT NULL,
  code VARBINARY(256) NOT NULL,
  target VARBINARY(255) NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE NULL,
  PRIMARY KEY (partner, id),
  UNIQUE KEY by_code (partner, kind, code, effective_from)
) ENGINE=InnoDB;
