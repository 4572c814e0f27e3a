-- In which regions each region lies, at every distance; derived from region.
CREATE TABLE IF NOT EXISTS region_ancestor (
  region VARBINARY(255) NOT NULL,
  ancestor VARBINARY(255) NOT NULL,
  PRIMARY KEY (region, ancestor),
  KEY by_ancestor (ancestor, region)
) ENGINE = InnoDB
