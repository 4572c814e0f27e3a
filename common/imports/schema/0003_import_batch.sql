-- What the batches of an import brought that is not yet added to its own counts: batches that come at once add rows
-- here instead of waiting for one another. Added when the import is completed or undone.
CREATE TABLE IF NOT EXISTS import_batch (
  import_id BINARY(16) NOT NULL,
  batch BINARY(16) NOT NULL,
  taken_at DATETIME(6) NOT NULL,
  accepted BIGINT NOT NULL,
  duplicate BIGINT NOT NULL,
  rejected BIGINT NOT NULL,
  PRIMARY KEY (import_id, batch)
) ENGINE=InnoDB;
