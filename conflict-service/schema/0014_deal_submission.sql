-- When partners handed in, appealed and renewed: what their quotas count.
CREATE TABLE IF NOT EXISTS deal_submission (
  partner VARBINARY(255) NOT NULL,
  submit_time DATETIME(6) NOT NULL,
  deal VARBINARY(255) NOT NULL,
  times INT NOT NULL,
  PRIMARY KEY (partner, submit_time, deal)
) ENGINE = InnoDB
