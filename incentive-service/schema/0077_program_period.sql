-- Periods of programs under fiscal calendars: as the calendar was when the program was activated, a draft when it was
-- written; what the calendar got later is added behind them.
CREATE TABLE IF NOT EXISTS program_period (
  program VARBINARY(63) NOT NULL,
  calendar VARBINARY(64) NOT NULL,     -- id; earlier versions of a draft may have had another
  kind SMALLINT NOT NULL,              -- as program.period
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,               -- the first day after it
  period VARBINARY(16) NOT NULL,       -- its id in the calendar
  PRIMARY KEY (program, calendar, kind, starts_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
