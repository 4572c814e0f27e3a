-- Of lines of such entries: as which one they count. Lines of one order, customer, product or site have one number; of a
-- mix those of its set have 1.
CREATE TABLE IF NOT EXISTS statement_line_count (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  entry BIGINT NOT NULL,               -- its ordinal
  ordinal BIGINT NOT NULL,             -- of the line
  counted_as BIGINT NOT NULL,          -- from 1, in the order of the entry's lines
  PRIMARY KEY (partner, number, entry, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
