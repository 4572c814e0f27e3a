-- Contests. inputs and award are what contests/award.h writes, empty until the award.
CREATE TABLE IF NOT EXISTS contest (
  name VARBINARY(255) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state TINYINT NOT NULL,
  policy VARBINARY(255) NOT NULL,
  end_date DATE NOT NULL,
  inputs MEDIUMBLOB NOT NULL,
  award MEDIUMBLOB NOT NULL,
  awarded_by VARBINARY(255) NOT NULL,
  PRIMARY KEY (name),
  KEY by_state (state, name)
) ENGINE = InnoDB
