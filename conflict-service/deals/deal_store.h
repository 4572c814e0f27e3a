#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "conflict-service/deals/deal.h"

namespace tributary::conflict {

// Stateless and thread-safe.
class DealStore {
 public:
  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Deal& deal) const;
  // NOT_FOUND.
  absl::StatusOr<Deal> Get(mysql::Transaction& sql, std::string_view name) const;
  // As Get; nobody else changes it until the transaction ends.
  absl::StatusOr<Deal> GetForUpdate(mysql::Transaction& sql, std::string_view name) const;
  // Stores what verbs change of a deal that was read for update: state, version, update_time, the end, and all that
  // became of it.
  absl::Status Update(mysql::Transaction& sql, const Deal& deal) const;
  // By partner and name, those after `after`; of one partner, or of all where `partner` is empty.
  absl::StatusOr<std::vector<Deal>> List(mysql::Transaction& sql, std::string_view partner, const SqlPredicate& filter,
                                         std::string_view after, int limit) const;
  // What lists may be filtered by.
  static const std::vector<FilterField>& Fields();

  // Those of these names that are there, by name.
  absl::StatusOr<std::vector<Deal>> Named(mysql::Transaction& sql, const std::set<std::string>& names) const;
  // Deals that block and whose customers have one of these keys (CustomerKey), by name.
  absl::StatusOr<std::vector<Deal>> BlockingFor(mysql::Transaction& sql,
                                                const std::set<std::string>& customer_keys) const;
  // Deals that block and name one of these regions itself, or were granted it.
  absl::StatusOr<std::vector<Deal>> BlockingIn(mysql::Transaction& sql, const std::set<std::string>& regions) const;
  // Those that were ever handed in, whatever became of them, and whose days meet these, by name. Reads all that there
  // are.
  absl::StatusOr<std::vector<HandedInDeal>> HandedIn(mysql::Transaction& sql, const DateRange& days) const;
  // Those that a contest is to decide, by sequence.
  absl::StatusOr<std::vector<Deal>> InContest(mysql::Transaction& sql, std::string_view contest) const;
  // Approved deals whose last day was before `today`.
  absl::StatusOr<std::vector<Deal>> Over(mysql::Transaction& sql, Date today, int limit) const;

  // The next place among all that is handed in. Under the lock of the deals.
  absl::StatusOr<int64_t> NextSequence(mysql::Transaction& sql) const;

  // How often partners/{partner} has handed in, appealed or renewed since.
  absl::StatusOr<int64_t> CountSubmissions(mysql::Transaction& sql, const std::string& partner, absl::Time since) const;
  absl::Status AddSubmission(mysql::Transaction& sql, const Deal& deal, absl::Time now) const;
};

}  // namespace tributary::conflict
