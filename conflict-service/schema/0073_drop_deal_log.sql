-- customer_spelling took its place.
DROP TABLE IF EXISTS deal_log
