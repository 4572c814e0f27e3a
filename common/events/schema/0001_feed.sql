-- The head of each shard: its row is the sequence lock, taken last by every transaction that tells something.
-- `at` does not decrease; rows up to and including `purged` may have been deleted.
CREATE TABLE IF NOT EXISTS feed (
  shard SMALLINT NOT NULL,
  seq BIGINT NOT NULL,
  at DATETIME(6) NOT NULL,
  purged BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (shard)
) ENGINE=InnoDB;
