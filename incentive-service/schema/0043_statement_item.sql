-- What was settled, and what is held back by disputes, of entries and adjustments of statements. No row: nothing of either.
CREATE TABLE IF NOT EXISTS statement_item (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry or adjustment
  settled BIGINT NOT NULL,             -- minor units
  withheld BIGINT NOT NULL,            -- minor units
  PRIMARY KEY (partner, number, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
