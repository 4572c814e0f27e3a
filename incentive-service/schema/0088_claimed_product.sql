-- Products that claims on units are decided of. Whoever decides one holds its product's row: what is paid for the units of a
-- product, of whatever kind and at whichever partner, is decided one claim after another.
CREATE TABLE IF NOT EXISTS claimed_product (
  product VARBINARY(200) NOT NULL,     -- products/{product}
  held BIGINT NOT NULL,                -- how often; written each time, so that no two nodes of a cluster hold it at once
  PRIMARY KEY (product)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
