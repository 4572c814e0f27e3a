#pragma once

// Reconciliations in the database: each with all the figures that runs ever found.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/reconciliation/reconciliation.h"

namespace tributary::inventory {

// Writers hold the partner's lock (LockPartner).
class ReconciliationStore {
 public:
  // Makes each, or replaces what is known of it: a revision that is known already gets its acceptance alone.
  absl::Status Put(mysql::Transaction& sql, absl::Span<const Reconciliation> reconciliations) const;
  // NOT_FOUND. With the figures of the revision, or of the last one where that is 0.
  absl::StatusOr<Reconciliation> Get(mysql::Transaction& sql, const ReconciliationKey& key, int64_t revision = 0) const;
  // Of one period and one product, or all where `product` is empty; each with its last figures.
  absl::StatusOr<std::map<ReconciliationKey, Reconciliation>> OfPeriod(mysql::Transaction& sql,
                                                                       std::string_view partner,
                                                                       std::string_view product, Date from,
                                                                       Date to) const;
  // With their last figures, by (partner, id), after (after_partner, after_id); of all partners where `partner` is
  // empty.
  absl::StatusOr<std::vector<Reconciliation>> List(mysql::Transaction& sql, std::string_view partner,
                                                   std::string_view after_partner, std::string_view after_id,
                                                   const SqlPredicate& filter, int limit) const;
  // Every revision of one, the last first, before `before`.
  absl::StatusOr<std::vector<Reconciliation>> Revisions(mysql::Transaction& sql, const ReconciliationKey& key,
                                                        int64_t before, int limit) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
