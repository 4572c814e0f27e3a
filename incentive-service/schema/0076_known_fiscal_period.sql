-- Periods of fiscal calendars, as partner-service's feed told them last; without weeks.
CREATE TABLE IF NOT EXISTS known_fiscal_period (
  calendar VARBINARY(64) NOT NULL,     -- id
  kind SMALLINT NOT NULL,              -- as program.period
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,               -- the first day after it
  period VARBINARY(64) NOT NULL,       -- its id in the calendar
  PRIMARY KEY (calendar, kind, starts_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
