-- What became of a registration since it was drafted. Boxes are a line each (scopes/box.h), names too. sequence is its place among all
-- that was handed in; contest is the open one that decides it.
CREATE TABLE IF NOT EXISTS deal_progress (
  deal VARBINARY(255) NOT NULL,
  sequence BIGINT NOT NULL,
  submissions INT NOT NULL,
  granted MEDIUMBLOB NOT NULL,
  waitlisted MEDIUMBLOB NOT NULL,
  conflict_product_lines MEDIUMBLOB NOT NULL,
  conflict_regions MEDIUMBLOB NOT NULL,
  conflict_until DATE,
  conflict_contest_end DATE,
  contest VARBINARY(255) NOT NULL,
  contest_end DATE,
  note VARCHAR(2000) CHARACTER SET utf8mb4 NOT NULL,
  won_on DATE,
  PRIMARY KEY (deal),
  KEY by_contest (contest)
) ENGINE = InnoDB
