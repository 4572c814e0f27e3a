-- The exchange rates that partner-service has told and not withdrawn.
CREATE TABLE IF NOT EXISTS exchange_rate (
  rate_type VARBINARY(63) NOT NULL,
  to_currency VARBINARY(3) NOT NULL,
  from_currency VARBINARY(3) NOT NULL,
  rate_date DATE NOT NULL,
  rate VARBINARY(64) NOT NULL,         -- a decimal: units of to_currency for one of from_currency
  PRIMARY KEY (rate_type, to_currency, from_currency, rate_date)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
