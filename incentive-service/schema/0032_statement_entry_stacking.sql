-- What a stacking plan made of the value of a statement's entry; none where the program stands by itself.
CREATE TABLE IF NOT EXISTS statement_entry_stacking (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  stacked MEDIUMBLOB NOT NULL,         -- a serialized StackedValue
  PRIMARY KEY (partner, number, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
