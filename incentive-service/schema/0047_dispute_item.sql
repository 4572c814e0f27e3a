-- What of a statement a dispute is about.
CREATE TABLE IF NOT EXISTS dispute_item (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  dispute VARBINARY(64) NOT NULL,
  ordinal BIGINT NOT NULL,             -- of the statement's entry or adjustment
  line_ordinals MEDIUMBLOB NOT NULL,   -- ordinals of the entry's lines, with spaces between; empty for all of it
  withheld BIGINT NOT NULL,            -- minor units
  PRIMARY KEY (partner, number, dispute, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
