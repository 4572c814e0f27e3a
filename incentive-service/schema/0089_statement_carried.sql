-- Of entries of programs that carry what is below 0: what the periods came to of which something was carried.
CREATE TABLE IF NOT EXISTS statement_carried (
  partner VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,              -- of the statement
  ordinal BIGINT NOT NULL,             -- of the entry
  place BIGINT NOT NULL,               -- from 1, the oldest first
  period VARBINARY(16) NOT NULL,       -- of the scale
  amount DECIMAL(38,6) NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,     -- base units
  PRIMARY KEY (partner, number, ordinal, place)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
