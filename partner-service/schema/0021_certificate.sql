CREATE TABLE IF NOT EXISTS certificate (
  partner_id VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  course_id VARBINARY(64) NOT NULL,
  holder VARBINARY(64) NOT NULL,
  issued_on DATE NOT NULL,
  valid_to DATE,
  revoked SMALLINT NOT NULL,
  PRIMARY KEY (partner_id, id),
  KEY certificate_by_course (course_id, partner_id)
) ENGINE=InnoDB;
