#pragma once

// Payments and allocations in the database. Every transaction that writes here has locked the partner's account
// (payments/account.h).

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/payments/payment.h"

namespace tributary::inventory {

// The parts of each source, in the order in which they were made.
using SourceKey = std::pair<SourceKind, std::string>;
using AllocationsBySource = std::map<SourceKey, std::vector<Allocation>>;

class PaymentStore {
 public:
  // NOT_FOUND. Payments are read whole, with what is named for them and what they settle.
  absl::StatusOr<Payment> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // By (partner, id), after (after_partner, after_id); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<Payment>> List(mysql::Transaction& sql, std::string_view partner,
                                            std::string_view after_partner, std::string_view after_id,
                                            const SqlPredicate& filter, int limit) const;
  absl::StatusOr<std::vector<Payment>> OfPartner(mysql::Transaction& sql, std::string_view partner) const;
  // Those that lie on account in the currency, without parts and allocations, by number.
  absl::StatusOr<std::vector<Payment>> OnAccount(mysql::Transaction& sql, std::string_view partner,
                                                 std::string_view currency) const;

  // False where the number is taken; then nothing was stored.
  absl::StatusOr<bool> Insert(mysql::Transaction& sql, const Payment& payment) const;
  // Its decisions, reversed_by, unallocated, waiting and update_time; allocations are stored by ReplaceAllocations.
  absl::Status Update(mysql::Transaction& sql, const Payment& payment) const;

  absl::StatusOr<AllocationsBySource> AllocationsOf(mysql::Transaction& sql, std::string_view partner) const;
  absl::StatusOr<std::vector<Allocation>> AllocationsOf(mysql::Transaction& sql, std::string_view partner,
                                                        SourceKind kind, std::string_view source) const;
  absl::Status ReplaceAllocations(mysql::Transaction& sql, std::string_view partner, const SourceKey& source,
                                  const std::vector<Allocation>& parts) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
