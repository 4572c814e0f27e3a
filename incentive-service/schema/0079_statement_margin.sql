-- Of entries of programs that measure margin: what their lines came to.
CREATE TABLE IF NOT EXISTS statement_margin (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  net_amount DECIMAL(38,6) NOT NULL,   -- of lines whose cost was known
  cost VARBINARY(200) NOT NULL,        -- of their units, exact, "num" or "num/den"
  uncosted BIGINT NOT NULL,            -- lines whose cost was not
  PRIMARY KEY (partner, number, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
