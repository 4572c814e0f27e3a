-- Steps of remedies, and the answers to them. amount is in minor units; currency is empty of a warning.
CREATE TABLE IF NOT EXISTS remedy_step (
  case_id VARBINARY(32) NOT NULL,
  number BIGINT NOT NULL,
  step INT NOT NULL,
  kind TINYINT NOT NULL,
  partner VARBINARY(255) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  amount BIGINT NOT NULL,
  units DECIMAL(38,6) NULL,
  program VARBINARY(255) NOT NULL,
  reason VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  applied TINYINT NOT NULL,
  refused TINYINT NOT NULL,
  compensated TINYINT NOT NULL,
  result VARBINARY(255) NOT NULL,
  compensation VARBINARY(255) NOT NULL,
  note TEXT CHARACTER SET utf8mb4 NOT NULL,
  PRIMARY KEY (case_id, number, step)
) ENGINE = InnoDB
