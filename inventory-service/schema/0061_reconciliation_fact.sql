CREATE TABLE IF NOT EXISTS reconciliation_fact (
  partner VARBINARY(64) NOT NULL,
  id VARBINARY(192) NOT NULL,
  revision BIGINT NOT NULL,
  n INT NOT NULL,
  kind SMALLINT NOT NULL,
  fact VARBINARY(255) NOT NULL,
  fact_date DATE NOT NULL,
  units DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (partner, id, revision, n)
) ENGINE=InnoDB;
