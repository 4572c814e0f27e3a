-- Which lines of evidence name a customer, by the key of the name; for erasure.
CREATE TABLE IF NOT EXISTS case_evidence_customer (
  customer_key BINARY(32) NOT NULL,
  case_id VARBINARY(32) NOT NULL,
  number BIGINT NOT NULL,
  line BIGINT NOT NULL,
  PRIMARY KEY (customer_key, case_id, number, line)
) ENGINE = InnoDB
