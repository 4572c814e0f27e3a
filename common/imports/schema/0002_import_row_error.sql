CREATE TABLE IF NOT EXISTS import_row_error (
  import_id BINARY(16) NOT NULL,
  file_row BIGINT NOT NULL,
  ordinal INT NOT NULL,
  column_name VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
  got VARCHAR(500) CHARACTER SET utf8mb4 NOT NULL,
  want VARCHAR(500) CHARACTER SET utf8mb4 NOT NULL,
  reason VARBINARY(64) NOT NULL,
  PRIMARY KEY (import_id, file_row, ordinal)
) ENGINE=InnoDB;
