CREATE TABLE IF NOT EXISTS wallet_hold_lot (
  partner VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  hold VARBINARY(63) NOT NULL,
  ordinal BIGINT NOT NULL,             -- from 1, in the order in which it is captured
  lot VARBINARY(200) NOT NULL,
  amount BIGINT NOT NULL,              -- minor units
  captured BIGINT NOT NULL,
  released BIGINT NOT NULL,
  PRIMARY KEY (partner, currency, hold, ordinal)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
