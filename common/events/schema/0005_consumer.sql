-- How far this service has applied another's feed, and who does it. `seq` moves in the transaction of the effects,
-- under the fence (epoch and the seq before); lease_until only saves work done twice.
CREATE TABLE IF NOT EXISTS consumer (
  feed VARBINARY(64) NOT NULL,
  shard SMALLINT NOT NULL,
  seq BIGINT NOT NULL,
  source_epoch VARBINARY(36) NOT NULL,
  owner VARBINARY(255) NOT NULL,
  epoch BIGINT NOT NULL,
  lease_until DATETIME(6) NOT NULL,
  PRIMARY KEY (feed, shard)
) ENGINE=InnoDB;
