-- Who is paid what a partner earns, as partner-service's feed told it last: its relationships of kind PAYEE.
CREATE TABLE IF NOT EXISTS payee (
  partner VARBINARY(64) NOT NULL,
  relationship VARBINARY(64) NOT NULL,
  payee VARBINARY(64) NOT NULL,
  valid_from DATE NOT NULL,
  valid_to DATE NOT NULL,              -- first day no longer; 9999-12-31 where it is open
  PRIMARY KEY (partner, relationship)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
