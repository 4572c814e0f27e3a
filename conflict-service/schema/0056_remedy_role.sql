-- Of steps of remedies that clarify roles: what is the partner's own to do.
CREATE TABLE IF NOT EXISTS remedy_role (
  case_id VARBINARY(32) NOT NULL,
  number BIGINT NOT NULL,
  step INT NOT NULL,
  role_text VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  PRIMARY KEY (case_id, number, step)
) ENGINE = InnoDB
