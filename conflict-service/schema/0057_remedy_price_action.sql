-- Of steps of remedies that ask a partner to keep a price rule from a day on: what the first price since tells. follow_up: 1 pending, 2
-- kept, 3 broken; observation is empty while pending.
CREATE TABLE IF NOT EXISTS remedy_price_action (
  case_id VARBINARY(32) NOT NULL,
  number BIGINT NOT NULL,
  step INT NOT NULL,
  asked_partner VARBINARY(255) NOT NULL,
  price_rule VARBINARY(255) NOT NULL,
  due_date DATE NOT NULL,
  follow_up TINYINT NOT NULL,
  observation VARBINARY(255) NOT NULL,
  PRIMARY KEY (case_id, number, step),
  KEY by_partner (asked_partner, case_id)
) ENGINE = InnoDB
