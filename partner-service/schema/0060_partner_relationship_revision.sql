CREATE TABLE IF NOT EXISTS partner_relationship_revision (
  partner_id VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  known_until DATETIME(6) NOT NULL,
  kind SMALLINT NOT NULL,
  other_id VARBINARY(64) NOT NULL,
  valid_from DATE NOT NULL,
  valid_to DATE,
  PRIMARY KEY (partner_id, id, version)
) ENGINE=InnoDB;
