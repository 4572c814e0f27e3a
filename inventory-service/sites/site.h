#pragma once

// Sites: the places of a partner where stock lies. Values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::inventory {

// What commands (never facts) may do where less lies than they ask for. The numbers are those of the proto.
enum class NegativeStock : int { kRefuse = 1, kBackOrder = 2 };

struct Site {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  std::string display_name;
  std::string region;  // id; empty where not told
  NegativeStock negative_stock = NegativeStock::kRefuse;
  Decimal count_tolerance;        // units by which a line of a count may be off without somebody's approval
  std::optional<Date> closed_on;  // from this day on commands do not move its stock

  std::string name() const;
};

std::string SiteName(std::string_view partner, std::string_view id);

// Whether commands may move stock there on that day.
inline bool IsOpen(const Site& site, Date day) { return !site.closed_on.has_value() || day < *site.closed_on; }

// `site` with the content (what its owner may change) of `wanted`, as the next version.
Site Change(Site site, const Site& wanted, absl::Time now);

}  // namespace tributary::inventory
