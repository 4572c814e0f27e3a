-- What end customers are, as partner-service's feed told it, each change kept, as partner_attribute has partners.
CREATE TABLE IF NOT EXISTS customer_attribute (
  kind SMALLINT NOT NULL,                -- 6 segment, 7 the id of the customer that it is merged into
  subject VARBINARY(64) NOT NULL,        -- id of the customer
  attribute_key VARBINARY(64) NOT NULL,  -- empty
  seq BIGINT NOT NULL,                   -- on the feed, in the subject's shard
  shard SMALLINT NOT NULL,
  value VARBINARY(260) NOT NULL,         -- empty: none
  valid_from DATE NOT NULL,              -- 1970-01-01 for the first segment, and for what a customer is merged into
  valid_to DATE NOT NULL,                -- 9999-12-31
  PRIMARY KEY (kind, subject, attribute_key, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
