-- Stacking plans as they are now. From its activation on a plan changes no more, but for its end.
CREATE TABLE IF NOT EXISTS stacking_plan (
  stacking_plan VARBINARY(63) NOT NULL,
  version BIGINT NOT NULL,
  uid BINARY(16) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  display_name VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE NOT NULL,          -- 9999-12-31 where open-ended
  rules MEDIUMBLOB NOT NULL,           -- edges, groups and caps, as a serialized StackingPlan
  PRIMARY KEY (stacking_plan)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
