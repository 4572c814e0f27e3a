-- What long calls answered, as google.longrunning.Operation.
CREATE TABLE IF NOT EXISTS operation (
  operation VARBINARY(63) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  message MEDIUMBLOB NOT NULL,
  PRIMARY KEY (operation)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
