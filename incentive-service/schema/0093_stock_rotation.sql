-- What partners may send back, or destroy, of what they bought. Whoever approves a claim against one holds its row.
CREATE TABLE IF NOT EXISTS stock_rotation (
  partner VARBINARY(64) NOT NULL,
  stock_rotation VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,             -- 1 draft, 2 approved
  way SMALLINT NOT NULL,               -- 1 return, 2 scrap, 3 either
  move_from DATE NOT NULL,
  move_to DATE NOT NULL,               -- the first day after, here and below
  purchases_from DATE NOT NULL,        -- ship dates
  purchases_to DATE NOT NULL,
  limit_rate DECIMAL(38,6) NOT NULL,   -- of the purchases
  fee_rate DECIMAL(38,6) NOT NULL,     -- of what is credited
  currency VARBINARY(3) NOT NULL,
  claim_deadline DATE NOT NULL,        -- the last day
  note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  creator VARBINARY(255) NOT NULL,
  approver VARBINARY(255) NOT NULL,    -- empty before it is approved
  PRIMARY KEY (partner, stock_rotation)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
