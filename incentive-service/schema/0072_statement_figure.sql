-- Of entries of programs that pay by a score: the figures of evaluations that were known.
CREATE TABLE IF NOT EXISTS statement_figure (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  component VARBINARY(64) NOT NULL,
  figure VARBINARY(1000) NOT NULL,     -- exact, "num" or "num/den"
  PRIMARY KEY (partner, number, ordinal, component)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
