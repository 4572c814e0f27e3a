CREATE TABLE IF NOT EXISTS simulation_period (
  simulation VARBINARY(63) NOT NULL,
  period VARBINARY(16) NOT NULL,
  partner_count BIGINT NOT NULL,
  total BIGINT NOT NULL,
  PRIMARY KEY (simulation, period)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
