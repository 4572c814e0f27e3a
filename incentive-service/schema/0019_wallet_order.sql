-- Orders that name holds on wallets, as inventory-service's feed told them last: what moves the hold.
CREATE TABLE IF NOT EXISTS wallet_order (
  partner VARBINARY(64) NOT NULL,
  order_id VARBINARY(64) NOT NULL,
  hold VARBINARY(255) NOT NULL,        -- its name, without "partners/{partner}/"
  phase SMALLINT NOT NULL,             -- 1 a draft, 2 placed, 3 canceled
  PRIMARY KEY (partner, order_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
