-- One row. Who reads facts holds it shared; who activates, ends or closes a program holds it alone, so that the set of
-- accruing programs does not change while a batch of facts is being applied.
CREATE TABLE IF NOT EXISTS program_epoch (
  id TINYINT NOT NULL,
  epoch BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
