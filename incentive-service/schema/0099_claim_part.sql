-- What lines of claims on kits took of the kits' parts, as of the decision.
CREATE TABLE IF NOT EXISTS claim_part (
  partner VARBINARY(64) NOT NULL,
  claim VARBINARY(64) NOT NULL,
  ordinal SMALLINT NOT NULL,           -- of claim_line
  product VARBINARY(200) NOT NULL,     -- products/{product}
  shipment_line VARBINARY(200) NOT NULL, -- its name without "partners/{partner}/"; empty where nothing tells it
  quantity DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (partner, claim, ordinal, product, shipment_line),
  KEY claim_part_product (partner, product)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
