-- One row, changed between seeing a head and telling it: its COMMIT waits for the log of every commit that was seen.
CREATE TABLE IF NOT EXISTS feed_barrier (
  one TINYINT NOT NULL,
  passed BIGINT NOT NULL,
  PRIMARY KEY (one)
) ENGINE=InnoDB;
