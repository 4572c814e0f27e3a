-- Which registrations began or ceased to block, in order: what a replica's index of customers' names follows. Written under the lock of
-- the deals, so that seq has no gaps and a reader sees no later row before an earlier one.
CREATE TABLE IF NOT EXISTS deal_log (
  seq BIGINT NOT NULL,
  deal VARBINARY(255) NOT NULL,
  blocks TINYINT NOT NULL,
  customer_name VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  PRIMARY KEY (seq)
) ENGINE = InnoDB
