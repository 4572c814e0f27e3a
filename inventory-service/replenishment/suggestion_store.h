#pragma once

// Suggestions in the database, with the back-tests of their forecasts.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/ids/uuid.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/replenishment/suggestion.h"

namespace tributary::inventory {

class SuggestionStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<Suggestion> Get(mysql::Transaction& sql, std::string_view partner, const Uuid& uid) const;
  absl::StatusOr<Suggestion> GetForUpdate(mysql::Transaction& sql, std::string_view partner, const Uuid& uid) const;
  // Those of the partner that are OPEN or SILENT, at most one for each product and site; locked.
  absl::StatusOr<std::vector<Suggestion>> UndecidedForUpdate(mysql::Transaction& sql, std::string_view partner) const;
  // Those of the partner that are ACCEPTED as of a date up to `until` and name no order, by date.
  absl::StatusOr<std::vector<Suggestion>> Accepted(mysql::Transaction& sql, std::string_view partner, Date until) const;
  // New ones, and those in the place of what UndecidedForUpdate or GetForUpdate read.
  absl::Status Put(mysql::Transaction& sql, absl::Span<const Suggestion> suggestions) const;
  // Newest first within each partner, after (after_partner, after): the last one of the page before, whose partner is
  // empty on the first page; of all partners where `partner` is empty.
  absl::StatusOr<std::vector<Suggestion>> List(mysql::Transaction& sql, std::string_view partner,
                                               std::string_view after_partner, const Uuid& after,
                                               const SqlPredicate& filter, int limit) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
