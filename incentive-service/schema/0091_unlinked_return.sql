-- Lines of fact_line by which something comes back without saying what; told with the line, in the same transaction.
-- Programs that match them look here first: most partners and products have none.
CREATE TABLE IF NOT EXISTS unlinked_return (
  source SMALLINT NOT NULL,            -- fact_line.source
  partner VARBINARY(64) NOT NULL,
  product VARBINARY(200) NOT NULL,
  fact VARBINARY(200) NOT NULL,
  PRIMARY KEY (source, partner, product, fact)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
