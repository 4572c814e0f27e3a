-- The ledger of incentives: why money moved between accounts of a partner. Append-only.
CREATE TABLE IF NOT EXISTS ledger_entry (
  partner VARBINARY(64) NOT NULL,
  entry BIGINT NOT NULL,               -- counts the partner's entries from 1
  entry_time DATETIME(6) NOT NULL,
  kind SMALLINT NOT NULL,
  item VARBINARY(200) NOT NULL,        -- what the money is for, without "partners/{partner}/"
  program VARBINARY(63) NOT NULL,      -- empty where it is of none
  period VARBINARY(16) NOT NULL,
  statement BIGINT NOT NULL,           -- number; 0 where it is of none
  currency VARBINARY(3) NOT NULL,
  PRIMARY KEY (partner, entry),
  KEY ledger_entry_time (entry_time)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
