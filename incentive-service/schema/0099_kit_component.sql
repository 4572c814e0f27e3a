-- What kits consist of, as inventory's feed tells products: so much of a component in one base unit, from a day to a day.
CREATE TABLE IF NOT EXISTS kit_component (
  kit VARBINARY(200) NOT NULL,         -- products/{product}, and so the component
  component VARBINARY(200) NOT NULL,
  effective_from DATE NOT NULL,
  effective_to DATE NOT NULL,          -- the first day after
  quantity DECIMAL(38,6) NOT NULL,     -- in the component's base unit
  PRIMARY KEY (kit, component, effective_from),
  KEY kit_component_component (component)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
