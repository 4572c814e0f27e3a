-- Simulations that are compared with something: whom they pay more than that does, and whom less.
CREATE TABLE IF NOT EXISTS simulation_comparison (
  simulation VARBINARY(63) NOT NULL,
  compared_with VARBINARY(127) NOT NULL,  -- programs/{program}@{version}, stackingPlans/{plan}, or programs/-
  total BIGINT NOT NULL,                  -- minor units, what that comes to
  winners BIGINT NOT NULL,
  gained BIGINT NOT NULL,
  losers BIGINT NOT NULL,
  lost BIGINT NOT NULL,
  unchanged BIGINT NOT NULL,
  PRIMARY KEY (simulation)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
