-- Territory grants as the partner feed tells them. Lists hold one name a line.
CREATE TABLE IF NOT EXISTS territory_grant (
  name VARBINARY(255) NOT NULL,
  partner VARBINARY(255) NOT NULL,
  active TINYINT NOT NULL,
  exclusivity TINYINT NOT NULL,
  regions MEDIUMBLOB NOT NULL,
  product_lines MEDIUMBLOB NOT NULL,
  segments MEDIUMBLOB NOT NULL,
  routes MEDIUMBLOB NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE NOT NULL,
  PRIMARY KEY (name),
  KEY by_partner (partner, active)
) ENGINE = InnoDB
