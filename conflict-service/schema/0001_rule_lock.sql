-- One row a rule: whoever looks at facts for a rule holds it, so that two replicas never miss what only both together know.
CREATE TABLE IF NOT EXISTS rule_lock (
  kind TINYINT NOT NULL,
  uses BIGINT NOT NULL,
  PRIMARY KEY (kind)
) ENGINE = InnoDB
