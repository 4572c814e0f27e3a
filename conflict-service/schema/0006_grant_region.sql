-- The regions that grants name: what grants are looked up by. standing: 2 the grant is active and exclusive, 1 active, 0 neither, or it
-- names the region no longer; what it ever named stays, for what is judged anew when a grant changes.
CREATE TABLE IF NOT EXISTS grant_region (
  grant_name VARBINARY(255) NOT NULL,
  region VARBINARY(255) NOT NULL,
  standing TINYINT NOT NULL,
  PRIMARY KEY (grant_name, region),
  KEY by_region (region, standing)
) ENGINE = InnoDB
