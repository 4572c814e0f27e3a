-- What each member of a simulated stacking plan pays, in minor units.
CREATE TABLE IF NOT EXISTS simulation_member (
  simulation VARBINARY(63) NOT NULL,
  program VARBINARY(63) NOT NULL,
  program_version BIGINT NOT NULL,     -- 0: its terms are the simulation's own
  partner_count BIGINT NOT NULL,
  line_count BIGINT NOT NULL,
  total BIGINT NOT NULL,
  PRIMARY KEY (simulation, program)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
