-- What a seller was seen to ask in a market, by day.
ALTER TABLE price_observation ADD KEY by_seller (market, partner, seller, observe_date)
