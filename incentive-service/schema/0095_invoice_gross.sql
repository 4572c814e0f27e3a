-- What lines of invoices come to with tax, as inventory's feed tells them, reversals below 0: what partners may take off.
CREATE TABLE IF NOT EXISTS invoice_gross (
  partner VARBINARY(64) NOT NULL,
  fact VARBINARY(200) NOT NULL,        -- the line's name without "partners/{partner}/"
  gross_amount DECIMAL(38,6) NOT NULL,
  currency VARBINARY(3) NOT NULL,
  PRIMARY KEY (partner, fact)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
