#pragma once

// What of the vendor's supply may be promised, day by day. Values and decisions.
//
// A day has by its end all that was supplied by then, less all that was promised by then. What may be promised for a
// day is the least of that over the day and all later ones: a promise for a day must not take what a later promise
// counts on.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::inventory {

// Units that the vendor states to have from a day on; negative takes back.
struct Supply {
  std::string id;
  std::string product;  // id
  Date available_date;
  Decimal quantity;
  std::string note;
  absl::Time create_time;

  std::string name() const { return "supplies/" + id; }
};

// So much of an order's line for a day.
struct Promise {
  std::string product;
  std::string partner;
  std::string order;
  int line = 0;
  Date date;
  Decimal quantity;
};

// The changes of one product.
struct SupplyBook {
  std::map<Date, Decimal> supplied;
  std::map<Date, Decimal> promised;

  // 0 or more.
  Decimal AvailableFor(Date day) const;
  // The first day from `from` on for which so much is available; nullopt where there is none.
  std::optional<Date> EarliestFor(Decimal quantity, Date from) const;
  // Whether every day keeps its promises.
  bool Holds() const;
};

struct AvailabilityDay {
  Date date;
  Decimal supplied;  // by the end of it, in all
  Decimal promised;
  Decimal available;
};
// Every day on which anything changes.
std::vector<AvailabilityDay> DaysOf(const SupplyBook& book);

}  // namespace tributary::inventory
