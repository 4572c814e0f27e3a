-- The regions of grants that are active and exclusive: what the overlap rule looks others up by.
CREATE TABLE IF NOT EXISTS exclusive_region (
  region VARBINARY(255) NOT NULL,
  grant_name VARBINARY(255) NOT NULL,
  PRIMARY KEY (region, grant_name),
  KEY by_grant (grant_name)
) ENGINE = InnoDB
