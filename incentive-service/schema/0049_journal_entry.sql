-- Which export has an entry of the ledger: one.
CREATE TABLE IF NOT EXISTS journal_entry (
  partner VARBINARY(64) NOT NULL,
  entry BIGINT NOT NULL,
  journal_export VARBINARY(16) NOT NULL,
  PRIMARY KEY (partner, entry),
  KEY journal_entry_export (journal_export, partner, entry)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
