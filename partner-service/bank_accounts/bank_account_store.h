#pragma once

// Bank accounts in the database, with whole numbers; the only SQL about them. Each call works in the caller's
// transaction.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/bank_accounts/bank_account.h"

namespace tributary::partner {

class BankAccountStore {
 public:
  // What a list may be filtered by: nothing that is masked.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<BankAccount> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;
  absl::StatusOr<BankAccount> GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                           std::string_view id) const;

  // A page of one partner's, or of all partners' where `partner_id` is empty, by partner and id.
  absl::StatusOr<std::vector<BankAccount>> List(mysql::Transaction& sql, std::string_view partner_id,
                                                const Page& page) const;

  // Every one of a partner, locked.
  absl::StatusOr<std::vector<BankAccount>> OfPartner(mysql::Transaction& sql, std::string_view partner_id) const;

  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const BankAccount& account) const;

  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const BankAccount& account) const;

  absl::Status Delete(mysql::Transaction& sql, const BankAccount& account) const;
};

}  // namespace tributary::partner
