-- What tells the units of sales that partners report, so that one unit that two report is paid for once. The hash is of a
-- key of common/matching/sale_key.h; returns and reversals have none.
CREATE TABLE IF NOT EXISTS sale_key (
  key_hash BINARY(32) NOT NULL,
  partner VARBINARY(64) NOT NULL,
  fact VARBINARY(200) NOT NULL,        -- the sale's name without "partners/{partner}/"
  units DECIMAL(38,6) NOT NULL,        -- that the key tells: one of a serial, all of the line of its invoice
  of_serial SMALLINT NOT NULL,         -- 1: it is a unit's own
  PRIMARY KEY (key_hash, partner, fact),
  KEY sale_key_fact (partner, fact)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
