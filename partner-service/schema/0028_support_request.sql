CREATE TABLE IF NOT EXISTS support_request (
  partner_id VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  policy_id VARBINARY(64) NOT NULL,
  severity SMALLINT NOT NULL,
  subject VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  request_text MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  state SMALLINT NOT NULL,
  assignee VARBINARY(64) NOT NULL,
  due_time DATETIME(6) NOT NULL,
  answer_time DATETIME(6),
  steps LONGBLOB NOT NULL,
  PRIMARY KEY (partner_id, id),
  KEY support_request_by_due_time (state, due_time)
) ENGINE=InnoDB;
