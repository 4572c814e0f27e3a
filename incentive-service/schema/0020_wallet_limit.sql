-- What finance allows of wallets; no row where nothing is said.
CREATE TABLE IF NOT EXISTS wallet_limit (
  partner VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  price_share DECIMAL(38,6) NOT NULL,  -- of an order's net amounts, what a hold for PRICE may take at most
  PRIMARY KEY (partner, currency)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
