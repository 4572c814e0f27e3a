-- Of steps of remedies that reassign a territory: what is taken, who is given it (empty: nobody), and from which day on.
CREATE TABLE IF NOT EXISTS remedy_territory (
  case_id VARBINARY(32) NOT NULL,
  number BIGINT NOT NULL,
  step INT NOT NULL,
  territory_grant VARBINARY(255) NOT NULL,
  recipient VARBINARY(255) NOT NULL,
  effective_from DATE NOT NULL,
  PRIMARY KEY (case_id, number, step)
) ENGINE = InnoDB
