#pragma once

// Claims in the database. Each call works in the caller's transaction. Who reads a claim for update has read its
// request for update before, or what it is against (order of locks: budgets/budget_store.h). What a change does to
// money is entered into the ledger with it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/claims/claim.h"
#include "incentive-service/claims/claim_line_store.h"

namespace tributary::incentive {

class ClaimStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<Claim> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  absl::StatusOr<Claim> GetForUpdate(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // By (partner, id), after those given; of one partner or of all.
  static const std::vector<FilterField>& FilterFields();  // state, kind, fund_request, contact, create_time
  absl::StatusOr<std::vector<Claim>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                          std::string_view after_partner, std::string_view after_id,
                                          const SqlPredicate& where, int limit) const;
  // ALREADY_EXISTS where the id is taken; PROOF_ALREADY_USED, naming the claim, where one of the partner's has a proof
  // of it.
  absl::Status Insert(mysql::Transaction& sql, const Claim& claim) const;
  // The next version of what is stored, before what it says to be deducted is stored with deductions; CONFLICT_RETRY
  // where that is another. A claim that is no longer open gives its proofs free.
  absl::Status Update(mysql::Transaction& sql, const Claim& claim) const;

 private:
  absl::StatusOr<std::vector<Claim>> Read(mysql::Transaction& sql, std::string_view condition,
                                          const mysql::Values& values) const;
  absl::StatusOr<Claim> GetOne(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                               std::string_view lock) const;

  ClaimLineStore lines_;
};

}  // namespace tributary::incentive
