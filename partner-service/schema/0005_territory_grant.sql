CREATE TABLE IF NOT EXISTS territory_grant (
  partner_id VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  undone SMALLINT NOT NULL,
  regions MEDIUMBLOB NOT NULL,
  product_lines MEDIUMBLOB NOT NULL,
  segments BLOB NOT NULL,
  routes BLOB NOT NULL,
  exclusivity SMALLINT NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE,
  PRIMARY KEY (partner_id, id)
) ENGINE=InnoDB;
