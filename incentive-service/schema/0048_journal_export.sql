-- Months of the ledger as the vendor's books have them.
CREATE TABLE IF NOT EXISTS journal_export (
  journal_export VARBINARY(16) NOT NULL,  -- the month, "2026-11"
  uid BINARY(16) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  account_codes VARBINARY(2000) NOT NULL, -- "account code" and so on, by account
  entry_count BIGINT NOT NULL,
  leg_count BIGINT NOT NULL,
  sha256 VARBINARY(64) NOT NULL,
  PRIMARY KEY (journal_export)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
