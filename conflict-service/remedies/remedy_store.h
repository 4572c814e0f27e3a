#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "conflict-service/remedies/remedy.h"

namespace tributary::conflict {

// Stateless and thread-safe.
class RemedyStore {
 public:
  // Numbers it within its case, which is held for update.
  absl::Status Create(mysql::Transaction& sql, Remedy* remedy) const;
  // What was read for update. What was asked for never changes, the answers do.
  absl::Status Update(mysql::Transaction& sql, const Remedy& remedy) const;

  // NOT_FOUND.
  absl::StatusOr<Remedy> Get(mysql::Transaction& sql, std::string_view case_id, int64_t number) const;
  // By number.
  absl::StatusOr<std::vector<Remedy>> OfCase(mysql::Transaction& sql, std::string_view case_id) const;
  // Those of these cases, by case and number; locked in this order, so that nobody waits for who waits for him.
  absl::StatusOr<std::vector<Remedy>> OfCasesForUpdate(mysql::Transaction& sql,
                                                       const std::set<std::string>& case_ids) const;
  // By case and number, those after these; of one case, or of all where `case_id` is empty.
  absl::StatusOr<std::vector<Remedy>> List(mysql::Transaction& sql, std::string_view case_id,
                                           const SqlPredicate& filter, std::string_view after_case,
                                           int64_t after_number, int limit) const;
  static const std::vector<FilterField>& Fields();  // state, create_time

  // The cases in which somebody was asked to keep this price rule, priceRules/{price_rule}.
  absl::StatusOr<std::set<std::string>> CasesAskingFor(mysql::Transaction& sql, const std::string& price_rule) const;
  // The cases in which any of these partners was asked to keep a price rule.
  absl::StatusOr<std::set<std::string>> CasesWithPriceActions(mysql::Transaction& sql,
                                                              const std::set<std::string>& partners) const;

  // For metrics; a state without a remedy is left out.
  absl::StatusOr<std::map<RemedyState, int64_t>> CountByState(mysql::Transaction& sql) const;

  // Those of these cases, which are held for update, that have a remedy that is RUNNING.
  absl::StatusOr<std::set<std::string>> Running(mysql::Transaction& sql, const std::set<std::string>& case_ids) const;
  // STATE_CONFLICT where a remedy of the case, which is held for update, is RUNNING. `verb` is what wants none.
  absl::Status CheckNoneRuns(mysql::Transaction& sql, std::string_view case_id, std::string_view verb) const;
};

}  // namespace tributary::conflict
