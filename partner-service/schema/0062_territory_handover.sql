CREATE TABLE IF NOT EXISTS territory_handover (
  remedy_uid VARBINARY(64) NOT NULL,
  step INT NOT NULL,
  partner_id VARBINARY(64) NOT NULL,
  grant_id VARBINARY(64) NOT NULL,
  recipient_id VARBINARY(64) NOT NULL,
  effective_from DATE NOT NULL,
  given_back SMALLINT NOT NULL,
  PRIMARY KEY (remedy_uid, step)
) ENGINE=InnoDB;
