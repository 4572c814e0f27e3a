-- What a simulation pays each partner, in minor units, and what it is compared with pays.
CREATE TABLE IF NOT EXISTS simulation_partner (
  simulation VARBINARY(63) NOT NULL,
  partner VARBINARY(64) NOT NULL,
  value BIGINT NOT NULL,
  compared_value BIGINT NULL,          -- NULL where nothing is compared
  line_count BIGINT NOT NULL,
  free_goods DECIMAL(38,6) NOT NULL,   -- units that are due
  PRIMARY KEY (simulation, partner)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
