-- Of lines of such entries: what one base unit cost, where that was known. It stands for the program from then on.
CREATE TABLE IF NOT EXISTS statement_line_cost (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  entry BIGINT NOT NULL,               -- its ordinal
  ordinal BIGINT NOT NULL,             -- of the line
  unit_cost VARBINARY(64) NOT NULL,    -- a decimal of at most nine places
  PRIMARY KEY (partner, number, entry, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
