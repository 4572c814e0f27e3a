-- Payouts of wallets.
CREATE TABLE IF NOT EXISTS payout (
  partner VARBINARY(64) NOT NULL,
  payout VARBINARY(64) NOT NULL,
  uid BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  state SMALLINT NOT NULL,             -- 1 requested, 2 approved, 3 rejected, 4 paid, 5 failed, 6 withdrawn
  currency VARBINARY(3) NOT NULL,
  amount BIGINT NOT NULL,              -- minor units, more than 0
  hold VARBINARY(63) NOT NULL,         -- id, of the partner's wallet in the currency
  payee VARBINARY(64) NOT NULL,        -- id of the partner whose bank account it goes to
  bank_account VARBINARY(64) NOT NULL, -- id
  note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  requester VARBINARY(255) NOT NULL,
  decider VARBINARY(255) NOT NULL,     -- empty before it is decided
  decision_note VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  payer VARBINARY(255) NOT NULL,       -- empty before it is paid
  bank_reference VARCHAR(140) CHARACTER SET utf8mb4 NOT NULL,
  pay_time DATETIME(6) NULL,
  failure VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  paid_in VARBINARY(3) NULL,           -- another currency than the wallet's, as the next; NULL where it is paid in that
  rate_type VARBINARY(63) NULL,
  rate_date DATE NULL,
  rate VARBINARY(64) NULL,             -- a decimal: units of paid_in for one of currency
  paid_amount BIGINT NULL,             -- minor units of paid_in
  PRIMARY KEY (partner, payout)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
