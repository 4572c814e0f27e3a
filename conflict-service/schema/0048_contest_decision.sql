-- What contests came to: the award is number 1, each appeal that was accepted makes the next. inputs and award as in contest.
CREATE TABLE IF NOT EXISTS contest_decision (
  contest VARBINARY(255) NOT NULL,
  number BIGINT NOT NULL,
  decide_time DATETIME(6) NOT NULL,
  inputs MEDIUMBLOB NOT NULL,
  award MEDIUMBLOB NOT NULL,
  decided_by VARBINARY(255) NOT NULL,
  PRIMARY KEY (contest, number)
) ENGINE = InnoDB
