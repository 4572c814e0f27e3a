CREATE TABLE IF NOT EXISTS evaluation (
  partner_id VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  template_id VARBINARY(64) NOT NULL,
  first_template_id VARBINARY(64) NOT NULL,
  period VARBINARY(64) NOT NULL,
  start_date DATE NOT NULL,
  end_date DATE NOT NULL,
  state SMALLINT NOT NULL,
  consequence SMALLINT NOT NULL,
  publish_time DATETIME(6),
  content LONGBLOB NOT NULL,
  PRIMARY KEY (partner_id, id),
  KEY evaluation_by_template (partner_id, first_template_id, publish_time)
) ENGINE=InnoDB;
