-- The findings about each resource or fact.
CREATE TABLE IF NOT EXISTS finding_subject (
  subject VARBINARY(255) NOT NULL,
  finding VARBINARY(32) NOT NULL,
  PRIMARY KEY (subject, finding)
) ENGINE = InnoDB
