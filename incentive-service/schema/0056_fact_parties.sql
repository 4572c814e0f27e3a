-- Whom and what lines of fact_line name beside their product, of those that name any; told with the line, in the same
-- transaction. Programs that count by them read it.
CREATE TABLE IF NOT EXISTS fact_parties (
  partner VARBINARY(64) NOT NULL,
  fact VARBINARY(200) NOT NULL,
  of_order VARBINARY(200) NOT NULL,    -- partners/{partner}/orders/{order}; empty: none of ours
  customer VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, -- of a sale, by the partner's name
  site VARBINARY(64) NOT NULL,         -- id; empty: main, or none
  PRIMARY KEY (partner, fact)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
