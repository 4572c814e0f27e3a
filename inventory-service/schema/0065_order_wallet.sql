-- Which hold on its partner's wallet an order names; no row where it names none.
CREATE TABLE IF NOT EXISTS order_wallet (
  partner VARBINARY(64) NOT NULL,
  order_id VARBINARY(64) NOT NULL,
  wallet_hold VARBINARY(255) NOT NULL,  -- its name
  wallet_use SMALLINT NOT NULL,         -- 0 where the order does not say
  PRIMARY KEY (partner, order_id),
  KEY by_hold (partner, wallet_hold)
) ENGINE=InnoDB;
