CREATE TABLE IF NOT EXISTS known_approval_policy (
  id VARBINARY(128) NOT NULL,
  subject_kind SMALLINT NOT NULL,
  currency VARBINARY(3) NOT NULL,
  PRIMARY KEY (id),
  KEY known_approval_policy_by_kind (subject_kind, currency)
) ENGINE=InnoDB;
