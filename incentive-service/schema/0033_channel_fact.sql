-- What inventory's feed tells of partners' stock beside shipments (fact_line): append-only, as it was told, reversals
-- included. fact and refers are names without "partners/{partner}/".
CREATE TABLE IF NOT EXISTS channel_fact (
  partner VARBINARY(64) NOT NULL,
  fact VARBINARY(200) NOT NULL,
  kind SMALLINT NOT NULL,              -- channel_facts/channel_fact.h
  product VARBINARY(200) NOT NULL,     -- products/{product}
  reverses VARBINARY(200) NOT NULL,    -- the fact that it takes back; empty: none
  refers VARBINARY(200) NOT NULL,      -- a receipt's or return's line of a shipment, a returned sale; else empty
  fact_date DATE NOT NULL,
  quantity DECIMAL(38,6) NOT NULL,
  customer VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, -- of a sale
  PRIMARY KEY (partner, fact),
  KEY channel_fact_product (partner, product)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
