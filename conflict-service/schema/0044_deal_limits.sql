-- The versions of dealLimits/default; the greatest holds. expiry_notice_days has a number a line.
CREATE TABLE IF NOT EXISTS deal_limits (
  version BIGINT NOT NULL,
  update_time DATETIME(6) NOT NULL,
  submissions_per_deal INT NOT NULL,
  submissions_per_day INT NOT NULL,
  trials_per_day INT NOT NULL,
  window_days INT NOT NULL,
  open_limit INT NOT NULL,
  lower_open_limit INT NOT NULL,
  most_registrations_per_win INT NOT NULL,
  most_expiry_rate DECIMAL(38,6),
  least_ended INT NOT NULL,
  expiry_notice_days VARBINARY(255) NOT NULL,
  PRIMARY KEY (version)
) ENGINE = InnoDB
