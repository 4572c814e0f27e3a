-- Territory grants as the partner feed tells them. Lists hold one id or code a line.
CREATE TABLE IF NOT EXISTS territory_grant (
  partner VARBINARY(64) NOT NULL,
  id VARBINARY(64) NOT NULL,
  active SMALLINT NOT NULL,
  regions MEDIUMBLOB NOT NULL,
  product_lines MEDIUMBLOB NOT NULL,
  routes MEDIUMBLOB NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE NOT NULL,
  PRIMARY KEY (partner, id)
) ENGINE=InnoDB;
