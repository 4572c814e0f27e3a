-- Registrations for one customer, each pair both ways round, found when the later of them began to block.
CREATE TABLE IF NOT EXISTS deal_match (
  deal VARBINARY(255) NOT NULL,
  other VARBINARY(255) NOT NULL,
  PRIMARY KEY (deal, other)
) ENGINE = InnoDB
