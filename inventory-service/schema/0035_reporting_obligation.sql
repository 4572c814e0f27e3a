CREATE TABLE IF NOT EXISTS reporting_obligation (
  partner VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  activity SMALLINT NOT NULL,
  site VARBINARY(64) NOT NULL,
  period SMALLINT NOT NULL,
  due_days INT NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE NULL,
  PRIMARY KEY (partner, id)
) ENGINE=InnoDB;
