#pragma once

// Lots: units of a product that were made together. Values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/time/date.h"

namespace tributary::inventory {

struct Lot {
  std::string product;
  std::string id;  // the code that facts name
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  std::optional<Date> expires_on;  // the last day of use; unset where it does not expire

  std::string name() const;
};

std::string LotName(std::string_view product, std::string_view id);

// Whether units of a lot may no longer be used on that day.
inline bool IsExpired(std::optional<Date> expires_on, Date day) { return expires_on.has_value() && *expires_on < day; }

// `lot` with the content (what its owner may change) of `wanted`, as the next version.
Lot Change(Lot lot, const Lot& wanted, absl::Time now);

}  // namespace tributary::inventory
