-- What the rules see in the facts. The id is a hash of kind and subjects. Lists hold one name a line; the intersection is unset where
-- shared_from is.
CREATE TABLE IF NOT EXISTS finding (
  id VARBINARY(32) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state TINYINT NOT NULL,
  kind TINYINT NOT NULL,
  rule_version VARBINARY(64) NOT NULL,
  subjects MEDIUMBLOB NOT NULL,
  explanation MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL,
  shared_regions MEDIUMBLOB NOT NULL,
  shared_product_lines MEDIUMBLOB NOT NULL,
  shared_segments MEDIUMBLOB NOT NULL,
  shared_routes MEDIUMBLOB NOT NULL,
  shared_from DATE,
  shared_to DATE,
  PRIMARY KEY (id),
  KEY by_state (state, id),
  KEY by_kind (kind, state, id)
) ENGINE = InnoDB
