CREATE TABLE IF NOT EXISTS approval_ask (
  subject VARBINARY(255) NOT NULL,
  revision BIGINT NOT NULL,
  requesters TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  currency VARBINARY(3) NOT NULL,
  amount DECIMAL(38,6),
  state SMALLINT NOT NULL,
  task VARBINARY(128) NOT NULL,
  ask_time DATETIME(6) NOT NULL,
  PRIMARY KEY (subject),
  KEY approval_ask_by_state (state, ask_time)
) ENGINE=InnoDB;
