-- What the rule read and concluded, a value a line. Of a value that names an end customer the record's hash covers the seal, over salt and
-- value; where the customer is erased, salt and value are emptied.
CREATE TABLE IF NOT EXISTS case_evidence_line (
  case_id VARBINARY(32) NOT NULL,
  number BIGINT NOT NULL,
  line BIGINT NOT NULL,
  source VARBINARY(255) NOT NULL,
  field VARBINARY(64) NOT NULL,
  value MEDIUMBLOB NOT NULL,
  salt VARBINARY(64) NOT NULL,
  seal VARBINARY(64) NOT NULL,
  PRIMARY KEY (case_id, number, line)
) ENGINE = InnoDB
