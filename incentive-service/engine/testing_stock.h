#pragma once

// For tests: the stock of a partner around a price cut, as scenario S3 tells it.

#include "common/price_layers/price_layer.h"
#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {

inline LayerArrival Came(std::string line, std::string_view date, std::string_view units, std::string_view price) {
  return {std::move(line), On(date), On(date), D(units), Q(price), "CNY"};
}

// 1,000 at 120, 5,000 at 115, 3,000 at 122, and 400 on their way; 2,500 sold.
inline LayerHistory PriceCut() {
  LayerHistory history;
  history.arrivals = {Came("A", "03-15", "1000", "120"), Came("B", "04-01", "5000", "115"),
                      Came("C", "05-01", "3000", "122")};
  history.arrivals.push_back({"D", On("06-08"), On("06-12"), D("400"), Q("122"), "CNY"});
  history.departures = {{On("05-20"), D("2000"), "S0"}, {On("06-03"), D("250"), "S1"}, {On("06-08"), D("250"), "S4"}};
  return history;
}

inline LayerProtection CutTo110() {
  return {.name = "cut",
          .effective_date = On("06-10"),
          .new_price = Q("110"),
          .currency = "CNY",
          .in_transit_days = 7,
          .lookback_days = 90,
          .reported_units = D("7000")};
}

}  // namespace tributary::incentive
