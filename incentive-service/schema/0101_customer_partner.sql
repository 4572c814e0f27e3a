-- Which partners' lines name which customer of ours (fact_parties has it by line): whose accruals may be worth something else
-- once more is known of the customer.
CREATE TABLE IF NOT EXISTS customer_partner (
  customer VARBINARY(64) NOT NULL,  -- id
  partner VARBINARY(64) NOT NULL,   -- id
  PRIMARY KEY (customer, partner)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
