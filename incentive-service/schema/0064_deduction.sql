-- Deductions: what partners took off invoices when they paid them.
CREATE TABLE IF NOT EXISTS deduction (
  partner VARBINARY(64) NOT NULL,
  deduction VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,             -- 1 open, 2 matched, 3 written off, 4 charged back
  invoice VARBINARY(64) NOT NULL,      -- its number
  currency VARBINARY(3) NOT NULL,
  amount BIGINT NOT NULL,              -- minor units, more than 0
  taken_on DATE NOT NULL,
  reason VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  recorder VARBINARY(255) NOT NULL,
  resolver VARBINARY(255) NOT NULL,    -- empty before the rest is written off or charged back
  resolution_note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  written_off BIGINT NOT NULL,         -- minor units
  PRIMARY KEY (partner, deduction),
  KEY deduction_invoice (partner, invoice)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
