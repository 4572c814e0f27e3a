-- What another partner is to a partner, as partner-service's feed told it, all that was told kept: what was known at a
-- watermark of that feed can be said for ever.
CREATE TABLE IF NOT EXISTS relationship (
  partner VARBINARY(64) NOT NULL,
  relationship VARBINARY(64) NOT NULL, -- empty: what the partner was merged into
  seq BIGINT NOT NULL,                 -- on the feed, in the partner's shard
  shard SMALLINT NOT NULL,
  kind SMALLINT NOT NULL,
  other VARBINARY(64) NOT NULL,        -- the other partner
  valid_from DATE NOT NULL,
  valid_to DATE NOT NULL,              -- first day no longer; 9999-12-31 where it is open
  PRIMARY KEY (partner, relationship, seq),
  KEY relationship_kind (kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
