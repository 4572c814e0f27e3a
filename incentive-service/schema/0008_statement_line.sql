CREATE TABLE IF NOT EXISTS statement_line (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  entry BIGINT NOT NULL,               -- its ordinal
  ordinal BIGINT NOT NULL,             -- from 1, by (basis date, document, line)
  fact VARBINARY(200) NOT NULL,        -- without "partners/{partner}/" of whose it is
  basis_date DATE NOT NULL,
  product VARBINARY(200) NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  amount DECIMAL(38,6) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  share BIGINT NOT NULL,               -- minor units of the statement's currency
  of_partner VARBINARY(64) NOT NULL,   -- whose it is, where that is another partner; else empty
  PRIMARY KEY (partner, number, entry, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
