-- What kits consist of, as the inventory feed tells products: so much of a component in one base unit, from a day to a day.
CREATE TABLE IF NOT EXISTS kit_component (
  kit VARBINARY(255) NOT NULL,
  component VARBINARY(255) NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  PRIMARY KEY (kit, component, effective_from),
  KEY by_component (component)
) ENGINE = InnoDB
