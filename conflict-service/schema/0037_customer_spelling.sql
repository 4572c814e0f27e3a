-- How customers' names were written in registrations that were handed in, each once, in the order in which they came: what a replica's
-- index of names follows. spelling is SHA-256 of customer_name. Written under the lock of the deals, so that seq has no gaps and a reader
-- sees no later row before an earlier one.
CREATE TABLE IF NOT EXISTS customer_spelling (
  seq BIGINT NOT NULL,
  spelling BINARY(32) NOT NULL,
  customer_key BINARY(32) NOT NULL,
  customer_name VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  PRIMARY KEY (seq),
  UNIQUE KEY by_spelling (spelling),
  KEY by_key (customer_key)
) ENGINE = InnoDB
