-- The same, partner by partner.
CREATE TABLE IF NOT EXISTS simulation_partner_member (
  simulation VARBINARY(63) NOT NULL,
  partner VARBINARY(64) NOT NULL,
  program VARBINARY(63) NOT NULL,
  value BIGINT NOT NULL,
  line_count BIGINT NOT NULL,
  PRIMARY KEY (simulation, partner, program)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
