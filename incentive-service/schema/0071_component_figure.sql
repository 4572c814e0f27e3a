-- Figures of evaluations that stand, as partner-service told them: what programs that pay by a score read.
CREATE TABLE IF NOT EXISTS component_figure (
  partner VARBINARY(64) NOT NULL,
  evaluation VARBINARY(64) NOT NULL,
  component VARBINARY(64) NOT NULL,
  scorecard VARBINARY(64) NOT NULL,    -- the id of its template
  starts_on DATE NOT NULL,             -- its period
  ends_on DATE NOT NULL,               -- the first day after it
  figure VARBINARY(1000) NOT NULL,     -- exact, "num" or "num/den"
  PRIMARY KEY (partner, evaluation, component),
  KEY component_figure_period (scorecard, starts_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
