-- The contest that decided a registration, until it is handed in anew. appealed: an appeal came in time to decide the contest again.
CREATE TABLE IF NOT EXISTS deal_award (
  deal VARBINARY(255) NOT NULL,
  contest VARBINARY(255) NOT NULL,
  appealed TINYINT NOT NULL,
  PRIMARY KEY (deal),
  KEY by_contest (contest)
) ENGINE = InnoDB
