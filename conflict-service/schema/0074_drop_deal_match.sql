-- customer_alike took its place.
DROP TABLE IF EXISTS deal_match
