-- Of lines that are parts of unlinked returns: the sale that they are matched with.
CREATE TABLE IF NOT EXISTS statement_line_match (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  entry BIGINT NOT NULL,               -- its ordinal
  ordinal BIGINT NOT NULL,             -- of the line
  sale VARBINARY(200) NOT NULL,        -- its name without "partners/{partner}/"
  PRIMARY KEY (partner, number, entry, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
