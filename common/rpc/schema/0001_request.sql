-- Successful mutations by the caller's request id, so that the same request twice has one effect. Kept 7 days.
CREATE TABLE IF NOT EXISTS request (
  principal VARBINARY(255) NOT NULL,
  method VARBINARY(160) NOT NULL,
  request_id BINARY(16) NOT NULL,
  request_sha256 BINARY(32) NOT NULL,
  reply_name VARBINARY(512) NOT NULL,   -- of the reply, where it was too large to keep: it is read again
  reply MEDIUMBLOB NULL,               -- a batch with many bad rows answers at length
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (principal, method, request_id),
  KEY request_created_at (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
