-- One row, held by whoever gives an exclusive grant, so that two of them never miss each other.
CREATE TABLE IF NOT EXISTS exclusive_grant_lock (
  id TINYINT NOT NULL,
  uses BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
