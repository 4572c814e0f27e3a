CREATE TABLE IF NOT EXISTS partner_program_revision (
  program_id VARBINARY(64) NOT NULL,
  revision BIGINT NOT NULL,
  update_time DATETIME(6) NOT NULL,
  content LONGBLOB NOT NULL,
  PRIMARY KEY (program_id, revision)
) ENGINE=InnoDB;
