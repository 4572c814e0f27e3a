-- Spellings of customers' names that were erased with their customers, in the order in which they were: what a replica's index of names
-- follows beside the new ones. seq is that of customer_spelling, whose row says what is in the name's place. Written under the lock of
-- the deals, so that number has no gaps.
CREATE TABLE IF NOT EXISTS erased_spelling (
  number BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (number)
) ENGINE = InnoDB
