-- Lines of shipments, and sell-through rows, that tell a lot, as the inventory feed tells them: kind 1 came to the channel (negative: went
-- back), 2 was sold by a partner (negative: came back). A reversal names what it takes back, and counts for nothing itself.
CREATE TABLE IF NOT EXISTS lot_flow (
  source VARBINARY(255) NOT NULL,
  kind TINYINT NOT NULL,
  partner VARBINARY(255) NOT NULL,
  product VARBINARY(255) NOT NULL,
  lot VARBINARY(64) NOT NULL,
  flow_date DATE NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  reverses VARBINARY(255) NOT NULL,
  PRIMARY KEY (source),
  KEY by_lot (product, lot),
  KEY by_reversed (reverses),
  KEY by_day (kind, flow_date)
) ENGINE = InnoDB
