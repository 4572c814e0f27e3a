-- What finance allows of partners' wallets, as incentive-service's feed told it last; no row where it says nothing.
CREATE TABLE IF NOT EXISTS wallet_limit (
  partner VARBINARY(64) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  price_share DECIMAL(38,6) NOT NULL,  -- of an order's net amounts, what a hold for PRICE may take at most
  PRIMARY KEY (partner, currency)
) ENGINE=InnoDB;
