CREATE TABLE IF NOT EXISTS webhook_delivery (
  partner_id VARBINARY(64) NOT NULL,
  endpoint_id VARBINARY(64) NOT NULL,
  number BIGINT NOT NULL,
  uid BINARY(16) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,
  topic SMALLINT,
  notification BIGINT,
  body MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  attempts INT NOT NULL,
  last_attempt_time DATETIME(6),
  status_code INT NOT NULL,
  error VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  deliver_time DATETIME(6),
  PRIMARY KEY (partner_id, endpoint_id, number),
  KEY webhook_delivery_by_state (partner_id, endpoint_id, state, number)
) ENGINE=InnoDB;
