-- One row. Who reads facts holds it shared; who activates, ends or closes a program holds it alone, so that the set of
-- accruing programs does not change while a batch of facts is being applied. Who holds it alone says so: while both columns
-- are as they were, so are the accruing programs and their closes.
CREATE TABLE IF NOT EXISTS program_epoch (
  id TINYINT NOT NULL,
  epoch BIGINT NOT NULL,
  changed_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
