-- The cases that a partner is shown, by its own numbers.
CREATE TABLE IF NOT EXISTS partner_case (
  partner VARBINARY(255) NOT NULL,
  number BIGINT NOT NULL,
  case_id VARBINARY(32) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner, number),
  UNIQUE KEY by_case (case_id, partner)
) ENGINE = InnoDB
