CREATE TABLE IF NOT EXISTS routing_decision (
  lead_id VARBINARY(64) NOT NULL,
  id INT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  policy_id VARBINARY(64) NOT NULL,
  partner_id VARBINARY(64) NOT NULL,
  candidate_count INT NOT NULL,
  inputs LONGBLOB NOT NULL,
  inputs_sha256 VARBINARY(64) NOT NULL,
  ranking LONGBLOB NOT NULL,
  PRIMARY KEY (lead_id, id)
) ENGINE=InnoDB;
