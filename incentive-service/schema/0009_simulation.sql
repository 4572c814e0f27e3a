-- Of a plan as it is the columns of terms say nothing, but for the currency.
CREATE TABLE IF NOT EXISTS simulation (
  simulation VARBINARY(63) NOT NULL,
  version BIGINT NOT NULL,
  uid BINARY(16) NOT NULL,
  create_time DATETIME(6) NOT NULL,
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
  watermark VARBINARY(4000) NOT NULL,
  statement_count BIGINT NOT NULL,
  total BIGINT NOT NULL,
  line_count BIGINT NOT NULL,
  other_currency_lines BIGINT NOT NULL,
  free_goods DECIMAL(38,6) NOT NULL,     -- units that are due
  stacking_plan VARBINARY(63) NOT NULL,  -- id of the plan that is simulated; empty: the terms by themselves
  stacking_plan_version BIGINT NOT NULL,
  in_place_of VARBINARY(63) NOT NULL,    -- the member whose place the terms take; empty: the plan as it is
  PRIMARY KEY (simulation)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
