-- Who changed what, when: a row a mutation, in its transaction. Append-only.
CREATE TABLE IF NOT EXISTS audit (
  id BINARY(16) NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  principal VARBINARY(255) NOT NULL,
  method VARBINARY(160) NOT NULL,
  resource VARBINARY(512) NOT NULL,
  request_id BINARY(16) NULL,
  trace_id BINARY(16) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
