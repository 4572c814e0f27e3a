-- What was put into boxes and pallets, and taken out of them: a row for each unit (product and serial) or container (no product). One
-- that takes all out has a single row, without either.
CREATE TABLE IF NOT EXISTS packing_event (
  name VARBINARY(255) NOT NULL,
  product VARBINARY(255) NOT NULL,
  code VARBINARY(64) NOT NULL,
  action TINYINT NOT NULL,
  container VARBINARY(64) NOT NULL,
  pack_date DATE NOT NULL,
  PRIMARY KEY (name, product, code),
  KEY by_container (container, pack_date),
  KEY by_content (product, code)
) ENGINE = InnoDB
