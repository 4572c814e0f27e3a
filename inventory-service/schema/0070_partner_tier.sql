-- Tier assignments as the partner feed tells them: which level of a partner program a partner has on which days.
CREATE TABLE IF NOT EXISTS partner_tier (
  partner VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  partner_program VARBINARY(64) NOT NULL,
  level VARBINARY(64) NOT NULL,  -- empty: none, as a demotion may leave it
  valid_from DATE NOT NULL,
  valid_to DATE NOT NULL,
  PRIMARY KEY (partner, id)
) ENGINE=InnoDB;
