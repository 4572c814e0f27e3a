-- From which day on which version's terms hold, of programs whose terms were revised while they accrued. The day begins a
-- period of the scale; a program without a row has the terms of its present version throughout.
CREATE TABLE IF NOT EXISTS program_revision (
  program VARBINARY(63) NOT NULL,
  starts_on DATE NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (program, starts_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
