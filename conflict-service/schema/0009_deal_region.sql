-- The regions of submitted registrations, by which a change of the hierarchy finds them.
CREATE TABLE IF NOT EXISTS deal_region (
  region VARBINARY(255) NOT NULL,
  deal VARBINARY(255) NOT NULL,
  PRIMARY KEY (region, deal),
  KEY by_deal (deal)
) ENGINE = InnoDB
