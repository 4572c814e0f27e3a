-- The most that finance may approve by itself, by currency.
CREATE TABLE IF NOT EXISTS adjustment_limit (
  currency VARBINARY(3) NOT NULL,
  version BIGINT NOT NULL,
  update_time DATETIME(6) NOT NULL,
  most BIGINT NOT NULL,                -- minor units
  PRIMARY KEY (currency)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
