-- Programs as they were: a row a version, so that a statement can always show the terms it was made under. Append-only.
CREATE TABLE IF NOT EXISTS program_version (
  program VARBINARY(63) NOT NULL,
  version BIGINT NOT NULL,
  uid BINARY(16) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  display_name VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  basis SMALLINT NOT NULL,
  shape SMALLINT NOT NULL,
  bound SMALLINT NOT NULL,
  tiers VARBINARY(4000) NOT NULL,
  period SMALLINT NOT NULL,
  currency VARBINARY(3) NOT NULL,
  rounding SMALLINT NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE NOT NULL,
  conditions VARBINARY(30000) NOT NULL,  -- the terms without a column of their own, as a serialized Program
  PRIMARY KEY (program, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
