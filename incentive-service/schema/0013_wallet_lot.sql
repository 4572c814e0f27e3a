CREATE TABLE IF NOT EXISTS wallet_lot (
  partner VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  lot VARBINARY(200) NOT NULL,
  amount BIGINT NOT NULL,              -- minor units, here and below
  remaining BIGINT NOT NULL,           -- left for holds
  held BIGINT NOT NULL,
  expires_on DATE NOT NULL,            -- the last day
  credit_date DATE NOT NULL,
  source VARBINARY(200) NOT NULL,      -- name of what it was credited for, without "partners/{partner}/" of this one
  PRIMARY KEY (partner, currency, lot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
