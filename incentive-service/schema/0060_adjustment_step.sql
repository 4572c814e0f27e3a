-- Adjustments that remedies of cases ask for, by the remedy's uid too, since its name may come again. A step has one, and
-- one that takes that back.
CREATE TABLE IF NOT EXISTS adjustment_step (
  of_partner VARBINARY(64) NOT NULL,
  of_adjustment VARBINARY(64) NOT NULL,
  remedy VARBINARY(128) NOT NULL,      -- cases/{case}/remedies/{remedy}
  remedy_uid VARBINARY(36) NOT NULL,
  step INT NOT NULL,
  compensates VARBINARY(64) NOT NULL,  -- id of the adjustment that it takes back; empty for none
  PRIMARY KEY (of_partner, of_adjustment),
  UNIQUE KEY of_step (remedy, remedy_uid, step, compensates)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
