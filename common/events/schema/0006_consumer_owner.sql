-- The processes that share a feed's shards; those whose lease has not run out count for the fair share.
CREATE TABLE IF NOT EXISTS consumer_owner (
  feed VARBINARY(64) NOT NULL,
  owner VARBINARY(255) NOT NULL,
  lease_until DATETIME(6) NOT NULL,
  PRIMARY KEY (feed, owner)
) ENGINE=InnoDB;
