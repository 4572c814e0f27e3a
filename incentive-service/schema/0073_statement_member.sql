-- Of entries of programs that roll up: what the lines of each partner came to that counted together. No row where all
-- are the statement's partner's own.
CREATE TABLE IF NOT EXISTS statement_member (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  member VARBINARY(64) NOT NULL,       -- the partner whose lines they are
  line_count BIGINT NOT NULL,
  volume DECIMAL(38,6) NOT NULL,       -- money; units where units are paid
  PRIMARY KEY (partner, number, ordinal, member)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
