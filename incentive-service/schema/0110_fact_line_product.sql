-- Lines of a partner and a product: what layers of its price are made of.
ALTER TABLE fact_line ADD KEY fact_line_partner_product (partner, product)
