-- The one opening volume that a partner has in a program's period: asked for, or in force. What is rejected leaves.
CREATE TABLE IF NOT EXISTS opening_volume (
  partner VARBINARY(64) NOT NULL,
  program VARBINARY(63) NOT NULL,
  period VARBINARY(16) NOT NULL,       -- of the scale
  opening_balance VARBINARY(63) NOT NULL,
  document VARBINARY(64) NOT NULL,
  held_on DATE NOT NULL,               -- payout periods that end by then are without it
  amount DECIMAL(38,6) NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,     -- base units
  paid BIGINT NOT NULL,                -- minor units
  in_force SMALLINT NOT NULL,
  PRIMARY KEY (partner, program, period),
  KEY opening_volume_program (program, period),
  KEY opening_volume_balance (partner, opening_balance)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
