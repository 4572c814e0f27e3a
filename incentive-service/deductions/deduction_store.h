#pragma once

// Deductions in the database. Each call works in the caller's transaction. Who matches one has it for update before
// what it is matched to.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/deductions/deduction.h"

namespace tributary::incentive {

class DeductionStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<Deduction> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  absl::StatusOr<Deduction> GetForUpdate(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // By (partner, id), after those given; of one partner or of all.
  static const std::vector<FilterField>& FilterFields();  // state, invoice, currency, taken_on, create_time
  absl::StatusOr<std::vector<Deduction>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                              std::string_view after_partner, std::string_view after_id,
                                              const SqlPredicate& where, int limit) const;
  // The partner's that are open, by (currency, taken_on, id).
  absl::StatusOr<std::vector<Deduction>> Open(mysql::Transaction& sql, std::string_view partner) const;
  // Those of one invoice, by id.
  absl::StatusOr<std::vector<Deduction>> OfInvoice(mysql::Transaction& sql, std::string_view partner,
                                                   std::string_view invoice) const;
  // ALREADY_EXISTS where the id is taken.
  absl::Status Insert(mysql::Transaction& sql, const Deduction& deduction) const;
  // Stores what was decided of one read for update, and enters what it moves by itself. What it is matched to is stored
  // before.
  absl::Status Update(mysql::Transaction& sql, const Deduction& before, const Deduction& after) const;

  // The currency of an invoice as inventory's feed told it; unset where none was told.
  absl::StatusOr<std::optional<std::string>> CurrencyOfInvoice(mysql::Transaction& sql, std::string_view partner,
                                                               std::string_view invoice) const;
};

}  // namespace tributary::incentive
