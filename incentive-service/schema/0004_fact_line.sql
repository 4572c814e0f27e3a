-- Lines of inventory's feed, and deals won of conflict's, as they were told, returns and reversals included. Append-only but for what later lines say of
-- earlier ones: the dates by which they count, reversed_* and original_*.
CREATE TABLE IF NOT EXISTS fact_line (
  partner VARBINARY(64) NOT NULL,
  fact VARBINARY(200) NOT NULL,        -- the fact's name without "partners/{partner}/"
  source SMALLINT NOT NULL,            -- 1 shipment, 2 invoice or credit note, 3 sell-through, 4 payment, 5 won deal
  kind SMALLINT NOT NULL,              -- 1 line, 2 linked return, 3 reversal, 4 adjustment of a partner's stock
  refers VARBINARY(200) NULL,          -- the fact that a return or a reversal belongs to; of a credit note the invoice
  shard SMALLINT NOT NULL,             -- position on the feed (facts/watermark.h)
  seq BIGINT NOT NULL,
  recorded_at DATETIME(6) NOT NULL,    -- there
  document VARBINARY(64) NOT NULL,
  line BIGINT NOT NULL,
  order_date DATE NOT NULL,
  ship_date DATE NOT NULL,             -- of other sources the date of the document, as order_date
  product VARBINARY(200) NOT NULL,
  product_line VARBINARY(200) NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  net_amount DECIMAL(38,6) NOT NULL,
  discount DECIMAL(38,6) NOT NULL,     -- as stated, 0 where none is; net_amount is without it
  wallet_amount DECIMAL(38,6) NOT NULL,  -- of discount: what a hold on the wallet gave of the price
  currency VARBINARY(3) NOT NULL,      -- empty where no amount is stated
  order_basis DATE NOT NULL,           -- the dates by which it counts: a linked return's are those of its original line
  ship_basis DATE NOT NULL,
  reversed_seq BIGINT NULL,            -- position of the reversal, in the same shard
  reversed_at DATETIME(6) NULL,        -- when that was recorded
  original_seq BIGINT NULL,            -- of a linked return: position of the line that it returns
  original_at DATETIME(6) NULL,
  PRIMARY KEY (partner, fact),
  KEY fact_line_order_basis (source, order_basis),
  KEY fact_line_ship_basis (source, ship_basis),
  KEY fact_line_partner_order_basis (partner, order_basis),
  KEY fact_line_partner_ship_basis (partner, ship_basis),
  KEY fact_line_partner_product (partner, product),
  KEY fact_line_told (shard, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
