-- Units that claims are made for. All lines of a claim are against one special price, price change, SPIFF or stock
-- rotation, whose column alone is not empty, and of one product.
CREATE TABLE IF NOT EXISTS claim_line (
  partner VARBINARY(64) NOT NULL,
  claim VARBINARY(64) NOT NULL,
  ordinal SMALLINT NOT NULL,
  special_price VARBINARY(64) NOT NULL,
  price_change VARBINARY(64) NOT NULL,
  spiff VARBINARY(64) NOT NULL,
  stock_rotation VARBINARY(64) NOT NULL,
  product VARBINARY(200) NOT NULL,      -- products/{product}
  sale VARBINARY(200) NOT NULL,         -- or movement; its name without "partners/{partner}/"; empty against a price change
  quantity DECIMAL(38,6) NOT NULL,
  unit_amount DECIMAL(38,6) NOT NULL,
  amount BIGINT NOT NULL,               -- minor units, here and below
  turn INT NOT NULL,                    -- of the approved claims that bear on each other, this is the n-th; 0 before
  approved_quantity DECIMAL(38,6) NOT NULL,
  approved BIGINT NOT NULL,
  PRIMARY KEY (partner, claim, ordinal),
  KEY claim_line_special_price (partner, special_price),
  KEY claim_line_stock_rotation (partner, stock_rotation),
  KEY claim_line_product (product, partner)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
