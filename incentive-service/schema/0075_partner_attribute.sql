-- What partners are, as partner-service's feed told it, each change kept: what was known at a watermark of that feed can
-- be said for ever. And what that rests on: which region lies in which, and what sort of channel one is.
CREATE TABLE IF NOT EXISTS partner_attribute (
  kind SMALLINT NOT NULL,
  subject VARBINARY(64) NOT NULL,        -- id of the partner, the region or the channel
  attribute_key VARBINARY(64) NOT NULL,  -- of a tier the id of its assignment; else empty
  seq BIGINT NOT NULL,                   -- on the feed, in the subject's shard
  shard SMALLINT NOT NULL,
  value VARBINARY(130) NOT NULL,         -- empty: none
  valid_from DATE NOT NULL,              -- 1970-01-01 for what was told first of one that is told without days
  valid_to DATE NOT NULL,                -- first day no longer; 9999-12-31 where it is open
  PRIMARY KEY (kind, subject, attribute_key, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
