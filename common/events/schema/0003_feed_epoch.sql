-- One row. Whoever restores a backup deletes it; the next process to look makes another.
CREATE TABLE IF NOT EXISTS feed_epoch (
  one TINYINT NOT NULL,
  uuid BINARY(16) NOT NULL,
  made_at DATETIME(6) NOT NULL,
  PRIMARY KEY (one)
) ENGINE=InnoDB;
