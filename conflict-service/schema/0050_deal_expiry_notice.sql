-- That a partner was told that a registration's protection ends on over_on (the first day without it), days before it.
CREATE TABLE IF NOT EXISTS deal_expiry_notice (
  deal VARBINARY(255) NOT NULL,
  over_on DATE NOT NULL,
  days INT NOT NULL,
  notice_time DATETIME(6) NOT NULL,
  PRIMARY KEY (deal, over_on, days)
) ENGINE = InnoDB
