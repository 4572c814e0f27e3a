CREATE TABLE IF NOT EXISTS suggestion_back_test (
  partner VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  method SMALLINT NOT NULL,
  origins INT NOT NULL,
  mean_absolute_error DECIMAL(38,6) NOT NULL,
  root_mean_square_error DECIMAL(38,6) NOT NULL,
  error_ratio DECIMAL(38,6) NULL,
  PRIMARY KEY (partner, uid, method)
) ENGINE=InnoDB;
