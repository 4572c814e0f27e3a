-- The place of the latest registration among all that were handed in: one row, changed under the lock of the deals.
CREATE TABLE IF NOT EXISTS deal_sequence (
  id TINYINT NOT NULL,
  sequence BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB
