-- Simulations that are compared with a program: whom the simulated terms pay more, and whom less.
CREATE TABLE IF NOT EXISTS simulation_comparison (
  simulation VARBINARY(63) NOT NULL,
  program VARBINARY(63) NOT NULL,
  program_version BIGINT NOT NULL,
  total BIGINT NOT NULL,               -- minor units, what that program comes to
  winners BIGINT NOT NULL,
  gained BIGINT NOT NULL,
  losers BIGINT NOT NULL,
  lost BIGINT NOT NULL,
  unchanged BIGINT NOT NULL,
  PRIMARY KEY (simulation)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
