-- How far a price lies below the least that it may be, of the findings that are about one: what was paid for so many units, which are
-- NULL where it is the price of one.
CREATE TABLE IF NOT EXISTS finding_price (
  finding_id VARBINARY(32) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  paid DECIMAL(38,6) NOT NULL,
  least_price DECIMAL(38,6) NOT NULL,
  units DECIMAL(38,6) NULL,
  PRIMARY KEY (finding_id)
) ENGINE = InnoDB
