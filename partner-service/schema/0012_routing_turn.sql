CREATE TABLE IF NOT EXISTS routing_turn (
  policy_id VARBINARY(64) NOT NULL,
  partner_id VARBINARY(64) NOT NULL,
  turns_due BIGINT NOT NULL,
  PRIMARY KEY (policy_id, partner_id)
) ENGINE=InnoDB;
