-- Kinds of claims of which one at most is paid for a unit.
CREATE TABLE IF NOT EXISTS funding_class (
  funding_class VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  kinds BIGINT NOT NULL,               -- bit n: claim.kind n
  note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  creator VARBINARY(255) NOT NULL,
  end_time DATETIME(6) NULL,           -- unset while it holds
  ender VARBINARY(255) NOT NULL,       -- empty while it holds
  PRIMARY KEY (funding_class)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
