-- Of the returns in sold_goods that tell it: the sale that they take back.
CREATE TABLE IF NOT EXISTS sold_return (
  sale VARBINARY(255) NOT NULL,
  original VARBINARY(255) NOT NULL,
  PRIMARY KEY (sale),
  KEY by_original (original)
) ENGINE = InnoDB
