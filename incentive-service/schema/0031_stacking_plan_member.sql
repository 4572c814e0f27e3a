-- By which plan a program's periods are evaluated, since when and until when; made when the plan is activated.
CREATE TABLE IF NOT EXISTS stacking_plan_member (
  program VARBINARY(63) NOT NULL,
  stacking_plan VARBINARY(63) NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE NOT NULL,          -- 9999-12-31 where open-ended
  PRIMARY KEY (program, stacking_plan)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
