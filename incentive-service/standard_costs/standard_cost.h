#pragma once

// What products cost the vendor, as inventory-service tells it. A cost holds from its day on, until the product's next
// one does.

#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "common/money/money.h"
#include "common/time/date.h"

namespace tributary::incentive {

class StandardCosts {
 public:
  // `product`: products/{product}; `cost`: of one base unit.
  void Add(const std::string& product, Date effective_from, Money cost) {
    by_product_[product].insert_or_assign(effective_from, std::move(cost));
  }

  // That holds on the day; nullptr before the first.
  const Money* On(const std::string& product, Date day) const {
    const auto costs = by_product_.find(product);
    if (costs == by_product_.end()) return nullptr;
    const auto later = costs->second.upper_bound(day);
    return later == costs->second.begin() ? nullptr : &std::prev(later)->second;
  }

 private:
  std::map<std::string, std::map<Date, Money>> by_product_;
};

}  // namespace tributary::incentive
