#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "conflict-service/deals/deal_figures.h"

namespace tributary::conflict {

// What is counted of partners/{partner}, a row a day. Stateless and thread-safe.
class DealFiguresStore {
 public:
  absl::Status Count(mysql::Transaction& sql, std::string_view partner, Date day, DealStep step) const;
  // From this day on, with what is open.
  absl::StatusOr<DealFigures> Of(mysql::Transaction& sql, std::string_view partner, Date from) const;
  // The same of all partners of whom something was counted since, without what is open, by partners/{partner}.
  absl::StatusOr<std::map<std::string, DealFigures>> All(mysql::Transaction& sql, Date from) const;
  // How many deals there are; states without one are left out.
  absl::StatusOr<std::map<Deal::State, int64_t>> CountByState(mysql::Transaction& sql) const;

  // One more trial of that day; how many it makes. Nobody else counts for the partner until the transaction ends.
  absl::StatusOr<int64_t> CountTrial(mysql::Transaction& sql, std::string_view partner, Date day) const;
};

}  // namespace tributary::conflict
