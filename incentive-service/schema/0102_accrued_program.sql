-- Programs, for their locks: who enters what one accrues keeps those out who issue what speaks of it.
CREATE TABLE IF NOT EXISTS accrued_program (
  program VARBINARY(63) NOT NULL,
  PRIMARY KEY (program)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
