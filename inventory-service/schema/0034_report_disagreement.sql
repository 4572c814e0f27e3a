CREATE TABLE IF NOT EXISTS report_disagreement (
  partner VARBINARY(64) NOT NULL,
  activity SMALLINT NOT NULL,
  business_date DATE NOT NULL,
  site VARBINARY(64) NOT NULL,
  winner BINARY(16) NOT NULL,
  other BINARY(16) NOT NULL,
  PRIMARY KEY (partner, activity, business_date, site, other),
  KEY by_winner (partner, winner),
  KEY by_other (partner, other)
) ENGINE=InnoDB;
