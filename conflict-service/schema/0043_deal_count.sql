-- Steps of registrations (deals/deal_figures.h), by partner and day: what hoarding is measured by.
CREATE TABLE IF NOT EXISTS deal_count (
  partner VARBINARY(255) NOT NULL,
  day DATE NOT NULL,
  step TINYINT NOT NULL,
  times BIGINT NOT NULL,
  PRIMARY KEY (partner, day, step)
) ENGINE = InnoDB
