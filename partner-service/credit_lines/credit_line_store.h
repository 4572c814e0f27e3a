#pragma once

// Credit lines in the database; the only SQL about them. Each call works in the caller's transaction, which has locked
// the partner where it changes anything.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/credit_lines/credit_line.h"

namespace tributary::partner {

class CreditLineStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<CreditLine> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;

  // A page of one partner's, or of all partners' where `partner_id` is empty, by partner and id.
  absl::StatusOr<std::vector<CreditLine>> List(mysql::Transaction& sql, std::string_view partner_id,
                                               const Page& page) const;

  // Every line of a partner, locked.
  absl::StatusOr<std::vector<CreditLine>> OfPartner(mysql::Transaction& sql, std::string_view partner_id) const;

  // Stores a new one. Its id may be that of an undone one, whose place and following version it takes: so it answers
  // the line with the version that it has. ALREADY_EXISTS.
  absl::StatusOr<CreditLine> Create(mysql::Transaction& sql, const CreditLine& line) const;

  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const CreditLine& line) const;
};

}  // namespace tributary::partner
