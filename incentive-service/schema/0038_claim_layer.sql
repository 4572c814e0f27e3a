-- Which units a line of a claim is paid for.
CREATE TABLE IF NOT EXISTS claim_layer (
  partner VARBINARY(64) NOT NULL,
  claim VARBINARY(64) NOT NULL,
  ordinal SMALLINT NOT NULL,           -- of the line
  layer SMALLINT NOT NULL,
  shipment_line VARBINARY(200) NOT NULL, -- its name without "partners/{partner}/"; empty: nothing tells where they came from
  in_transit SMALLINT NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  amount BIGINT NOT NULL,              -- minor units
  PRIMARY KEY (partner, claim, ordinal, layer)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
