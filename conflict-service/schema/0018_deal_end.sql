-- Approved registrations that have not expired, by the first day on which they are over.
CREATE TABLE IF NOT EXISTS deal_end (
  deal VARBINARY(255) NOT NULL,
  over_on DATE NOT NULL,
  PRIMARY KEY (deal),
  KEY by_day (over_on, deal)
) ENGINE = InnoDB
